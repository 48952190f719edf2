"""{{name}} in Python: loads model.wasm with wasmtime and scores rows.

    pip install -r requirements.txt
    python host.py < rows.json
"""

import json
import struct
import sys
from datetime import datetime, timezone
from pathlib import Path

from wasmtime import Engine, Instance, Module, Store

MISSING = 0xFFFF_FFFF
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


class Model:
    def __init__(self, path):
        engine = Engine()
        self._store = Store(engine)
        module = Module.from_file(engine, str(path))
        self._exports = Instance(self._store, module, []).exports(self._store)
        if self._call("abi") != 1:
            raise RuntimeError("this program is for version 1 of the ABI")
        self._check(self._call("load"))
        self.description = json.loads(self._text(self._call("description")))

    def predict(self, rows):
        """A prediction for each row, which is a dict; None, or no entry, is a missing value."""
        cells, texts = self._encoded(rows)
        address = self._call("input", len(rows), len(texts))
        if address == 0:
            raise ValueError("these are too many rows at a time")
        self._exports["memory"].write(self._store, cells + texts, address)
        self._check(self._call("score"))
        return self._decoded(len(rows))

    def _encoded(self, rows):
        """The cells column by column, eight bytes each, and the texts that they point to."""
        cells, texts = bytearray(), bytearray()
        for feature in self.description["features"]:
            for value in (row.get(feature["name"]) for row in rows):
                if feature["kind"] not in ("category", "text"):
                    cells += struct.pack("<d", number(value))
                    continue
                text = b"" if value is None else value.encode()
                cells += struct.pack("<II", len(texts), MISSING if value is None else len(text))
                texts += text
        return bytes(cells), bytes(texts)

    def _decoded(self, rows):
        """Outputs of all rows, row by row, then a class of each."""
        names, width = self.description["classes"], self.description["outputs"]
        output = self._call("output")
        values = struct.unpack(f"<{rows * width}d", self._read(output, rows * width * 8))
        classes = self._words(output + rows * width * 8, rows)
        if not names:
            return [{"value": value} for value in values]
        return [
            {
                "label": names[classes[row]],
                "probabilities": dict(zip(names, values[row * width : (row + 1) * width])),
            }
            for row in range(rows)
        ]

    def _call(self, name, *arguments):
        # wasmtime gives the numbers of 32 bits with a sign.
        return self._exports[f"hedgerow_{name}"](self._store, *arguments) & 0xFFFF_FFFF

    def _check(self, status):
        if status != 0:
            raise ValueError(self._text(self._call("error") + 12))

    def _text(self, address):
        return self._read(*self._words(address, 2)).decode()

    def _words(self, address, count):
        return struct.unpack(f"<{count}I", self._read(address, count * 4))

    def _read(self, address, length):
        return bytes(self._exports["memory"].read(self._store, address, address + length))


def number(value):
    """Booleans are 0 or 1, dates milliseconds since 1970, of UTC where they have no zone; missing is NaN."""
    if value is None:
        return float("nan")
    if not isinstance(value, str):
        return float(value)
    date = datetime.fromisoformat(value)
    since = (date if date.tzinfo else date.replace(tzinfo=timezone.utc)) - EPOCH
    return float(since.days * 86_400_000 + since.seconds * 1000 + since.microseconds // 1000)


if __name__ == "__main__":
    model = Model(Path(__file__).with_name("model.wasm"))
    print(json.dumps(model.predict(json.load(sys.stdin))))
