"""Writes compound files (OLE2) for tests: siblings in a chain, at most 109 sectors of table."""

import struct

_SECTOR, _MINI, _CUTOFF = 512, 64, 4096
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def compound_file(streams: dict[str, bytes]) -> bytes:
    """Return a compound file with `streams`; "/" in a name makes storages."""
    entries: list[list[object]] = [["Root Entry", 5, None, [], 0, 0]]
    places: dict[str, int] = {"": 0}
    for path, data in streams.items():
        parent = ""
        for step in path.split("/")[:-1]:
            parent = _place(entries, places, parent, step, 1, None)
        _place(entries, places, parent, path.split("/")[-1], 2, data)
    mini, mini_fat = _mini_stream(entries)
    entries[0][2] = mini
    directory_sectors = -(-len(entries) * 128 // _SECTOR)
    body, fat = b"", [*range(1, directory_sectors), _END]
    for entry in entries:
        if entry[2] and (entry is entries[0] or len(entry[2]) >= _CUTOFF):  # type: ignore[arg-type]
            entry[4] = len(fat)
            body += _sectors(entry[2], fat)  # type: ignore[arg-type]
    mini_fat_at = len(fat)
    body += _sectors(struct.pack(f"<{len(mini_fat)}I", *mini_fat), fat, fill=b"\xff")
    fat_count = -(-(len(fat) + 64) // 128)
    first = len(fat)
    fat += [_FAT] * fat_count
    table = struct.pack(f"<{len(fat)}I", *fat).ljust(fat_count * _SECTOR, b"\xff")
    directory = b"".join(map(_entry, entries)).ljust(directory_sectors * _SECTOR, b"\0")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    mini_fat_count = first - mini_fat_at
    mini_fat_start = mini_fat_at if mini_fat_count else _END
    header += struct.pack("<IIIIIIIII", 0, fat_count, 0, 0, _CUTOFF, mini_fat_start, mini_fat_count, _END, 0)
    header += struct.pack(f"<{fat_count}I", *range(first, first + fat_count))
    return header.ljust(_SECTOR, b"\xff") + directory + body + table


def _mini_stream(entries: list[list[object]]) -> tuple[bytes, list[int]]:
    stream, fat = b"", []
    for entry in entries:
        if entry[2] and len(entry[2]) < _CUTOFF:  # type: ignore[arg-type]
            count = -(-len(entry[2]) // _MINI)  # type: ignore[arg-type]
            entry[4] = len(fat)
            fat += [*range(len(fat) + 1, len(fat) + count), _END]
            stream += entry[2].ljust(count * _MINI, b"\0")  # type: ignore[attr-defined]
    return stream, fat


def _sectors(data: bytes, fat: list[int], fill: bytes = b"\0") -> bytes:
    count = -(-len(data) // _SECTOR)
    if count:
        fat += [*range(len(fat) + 1, len(fat) + count), _END]
    return data.ljust(count * _SECTOR, fill)


def _place(
    entries: list[list[object]], places: dict[str, int], parent: str, name: str, kind: int, data: bytes | None
) -> str:
    path = f"{parent}/{name}" if parent else name
    if path not in places:
        places[path] = len(entries)
        entries[places[parent]][3].append(len(entries))  # type: ignore[attr-defined]
        siblings = entries[places[parent]][3]
        entries.append([name, kind, data, [], 0, 0])
        if len(siblings) > 1:  # type: ignore[arg-type]
            entries[siblings[-2]][5] = len(entries) - 1  # type: ignore[index]
    return path


def _entry(entry: list[object]) -> bytes:
    name, kind, data, children, start, right = entry
    text = (str(name) + "\0").encode("utf-16-le")
    child = children[0] if children else _FREE  # type: ignore[index]
    fixed = struct.pack("<HBBIII", len(text), kind, 1, _FREE, right or _FREE, child)
    size = len(data) if isinstance(data, bytes) else 0
    return text.ljust(64, b"\0") + fixed + b"\0" * 36 + struct.pack("<IQ", start if size else _END, size)
