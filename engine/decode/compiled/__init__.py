"""The loops of `engine.decode.kernels` as machine code on the disk, which a worker loads without the compiler."""
