"""Small .npy files for the tests, without NumPy.

npy.py write FILE SHAPE VALUE...    float32; SHAPE as 4x3; values repeat until the array is full
npy.py show FILE                    descr, shape and the values
"""
import ast
import struct
import sys


def write(path, shape, values):
    shape = [int(n) for n in shape.split("x")]
    size = 1
    for n in shape:
        size *= n
    header = repr({"descr": "<f4", "fortran_order": False, "shape": tuple(shape)}).encode()
    header += b" " * (-(10 + len(header) + 1) % 64) + b"\n"
    data = [float(values[i % len(values)]) for i in range(size)]
    with open(path, "wb") as file:
        file.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + struct.pack(f"<{size}f", *data))


def show(path):
    data = open(path, "rb").read()
    length = struct.unpack("<H", data[8:10])[0]
    header = ast.literal_eval(data[10:10 + length].decode())
    body = data[10 + length:]
    assert header["descr"] == "<f4"
    print(header["descr"], header["shape"], *(f"{v:.6g}" for v in struct.unpack(f"<{len(body) // 4}f", body)))


if sys.argv[1] == "write":
    write(sys.argv[2], sys.argv[3], sys.argv[4:])
else:
    show(sys.argv[2])
