"""The imgfprint scheme, semantics of 0.4.3 and later, for programs that keep its fingerprints: 3 x 17 hashes, score, record.

It misses turned, mirrored and cropped copies, so nothing but `edited` follows from it. Knows arrays only, no file and no codec.
"""

from engine.imgfprint.calibration import score_at, similarity
from engine.imgfprint.config import MultiHashConfig
from engine.imgfprint.fingerprint import ALGORITHMS, HASH_BYTES, REGIONS, Hashes, fingerprint, grey, hashes_of, pack, unpack
from engine.imgfprint.pairing import MOST_PICTURES, all_pairs
from engine.imgfprint.record import FORMAT_VERSION, Fingerprint, read_record, read_single_text, single_text, text, write_record
from engine.imgfprint.score import Comparison, algorithm_scores, coarse_key, compare, distance, scores

NAME = "imgfprint"
PROFILE = "imgfprint-1"
"""Id of everything that can change a bit of the hashes, the size at which a picture is decoded included."""

SHORT_SIDE = 768
"""Px that a picture's short side has at least when it is decoded, where the file has them: formats that can be decoded smaller
are, which costs 0.005 of the score in the mean."""

__all__ = [
    "ALGORITHMS",
    "FORMAT_VERSION",
    "HASH_BYTES",
    "MOST_PICTURES",
    "NAME",
    "PROFILE",
    "REGIONS",
    "SHORT_SIDE",
    "Comparison",
    "Fingerprint",
    "Hashes",
    "MultiHashConfig",
    "algorithm_scores",
    "all_pairs",
    "coarse_key",
    "compare",
    "distance",
    "fingerprint",
    "grey",
    "hashes_of",
    "pack",
    "read_record",
    "read_single_text",
    "score_at",
    "scores",
    "similarity",
    "single_text",
    "text",
    "unpack",
    "write_record",
]
