"""What a wheel takes along beside modules; all else stands in pyproject.toml.

resources/ goes in as imgfp_gui/resources, where an installed window looks, and the data of a room beside its code.
"""

from setuptools import find_packages, setup

RESOURCES = "imgfp_gui.resources"

setup(
    packages=[*find_packages(include=["engine*", "imgfp_gui*"]), RESOURCES],
    package_dir={RESOURCES: "resources"},
    package_data={RESOURCES: ["**/*"], "engine.fingerprint": ["data/*"]},
)
