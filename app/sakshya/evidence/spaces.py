"""The volumes of an exhibit and of the layers inside them, each opened once."""

from collections.abc import Iterator
from dataclasses import replace

from sakshya.domain.entry import Volume, VolumeTable
from sakshya.domain.exhibit import Exhibit
from sakshya.domain.faults import EvidenceFault
from sakshya.domain.unexamined import Reason
from sakshya.evidence.containers import Container
from sakshya.evidence.damage import reason_in, unreadable
from sakshya.evidence.filesystems.filesystem import FileSystem
from sakshya.evidence.filesystems.open import open_filesystem
from sakshya.evidence.filesystems.signatures import Kind, describe_unknown, identify
from sakshya.evidence.layers.claims import other_claims
from sakshya.evidence.layers.layer import Layer
from sakshya.evidence.layers.open import LAYERED, open_layers, shadow_copies
from sakshya.evidence.logical.open import LogicalContainer
from sakshya.evidence.volumes import read_volume_table, reader_at

LAYER = "layer"
SHADOW = "vss"
_MOST_LAYERS = 8
Key = tuple[int, tuple[str, ...]]


class Spaces:
    """Finds the bytes and the file system of each volume; what failed once fails the same way again."""

    def __init__(self, container: Container, exhibit: Exhibit) -> None:
        self._container = container
        self._exhibit = exhibit
        self._layers: dict[Key, tuple[Layer, tuple[str, ...]]] = {}
        self._systems: dict[Key, FileSystem | EvidenceFault] = {}
        self._opened: set[Key] = set()
        self._lengths: dict[int, int] = {}
        self._table: VolumeTable | None = None

    @property
    def table(self) -> VolumeTable:
        """How the exhibit is divided, layers after the volume they were found in."""
        if self._table is None:
            if isinstance(self._container, LogicalContainer):
                self._table = self._logical_table(self._container)
            else:
                table = read_volume_table(self._container)
                self._lengths = {one.offset: one.length for one in table.volumes}
                volumes = tuple(one for volume in table.volumes for one in self._with_layers(volume))
                self._table = replace(table, volumes=volumes)
        return self._table

    def holds_layers(self, volume: Volume) -> bool:
        """Tell whether the volume is only a shell, and what is in it is listed as volumes of its own."""
        return (volume.offset, volume.layers) in self._opened

    def container(self, offset: int, layers: tuple[str, ...]) -> Container:
        """Return the bytes that a volume's addresses count in.

        Raises:
            EvidenceFault: there is no such layer, or it cannot be opened.
        """
        if not layers:
            return self._container
        if (offset, layers) not in self._layers:
            _ = self.table
        if (offset, layers) not in self._layers:
            where = f"{self._exhibit.number}, volume at byte {offset}"
            advice = "supply the key that opens it"
            raise unreadable(Reason.ENCRYPTED, f"{'!'.join(layers)} is not open", where=where, advice=advice)
        return self._layers[(offset, layers)][0].container

    def mapping(self, volume: Volume) -> list[tuple[int, int, int]]:
        """Return (start in the volume, start in the exhibit, length) where a layer's bytes lie plainly in it."""
        runs = [(0, 0, self._container.size)]
        for depth in range(1, len(volume.layers) + 1):
            layer = self._layers[(volume.offset, volume.layers[:depth])][0]
            runs = [joined for run in layer.runs for joined in _through(run, runs)]
        return runs

    def system(self, offset: int, layers: tuple[str, ...]) -> FileSystem:
        """Return the file system of a volume.

        Raises:
            EvidenceFault: there is none that can be read.
        """
        key = (offset, layers)
        if not self._lengths:
            _ = self.table
        if key not in self._systems:
            try:
                self._systems[key] = self._open(offset, layers)
            except EvidenceFault as fault:
                self._systems[key] = fault
        system = self._systems[key]
        if isinstance(system, EvidenceFault):
            raise system
        return system

    def close(self) -> None:
        """Let go of everything that was opened; the exhibit's own container stays open."""
        self._systems.clear()
        for layer, _ in reversed(self._layers.values()):
            layer.container.close()
        self._layers.clear()

    def _open(self, offset: int, layers: tuple[str, ...]) -> FileSystem:
        container = self.container(offset, layers)
        if isinstance(container, LogicalContainer):
            return container.filesystem(self._exhibit.zone, self._exhibit.keys)
        start = 0 if layers else offset
        length = container.size if layers else self._lengths.get(offset, container.size - offset)
        read, size = reader_at(container, start, length), min(length, container.size - start)
        claim = self._layers[(offset, layers)][0].claim if layers else None
        signature = claim or identify(read, size)
        where = f"{self._exhibit.number}, volume at byte {offset}"
        if signature is None:
            reason, detail = describe_unknown(read, size)
            raise unreadable(reason, detail, where=where)
        if signature.kind is None:
            raise unreadable(signature.reason, signature.name, where=where)
        return open_filesystem(container, start, length, signature, self._exhibit.zone, self._exhibit.keys)

    def _logical_table(self, container: LogicalContainer) -> VolumeTable:
        volume = Volume(0, 0, container.size, "none", container.facts.format, container.facts.format)
        try:
            self._systems[(0, ())] = container.filesystem(self._exhibit.zone, self._exhibit.keys)
        except EvidenceFault as fault:
            self._systems[(0, ())] = fault
            volume = replace(volume, problem=fault.what)
        return VolumeTable("none", (volume,), (), container.facts.sector_size)

    def _with_layers(self, volume: Volume) -> Iterator[Volume]:
        if volume.filesystem in LAYERED:
            yield from self._unwrapped(volume, self._container, volume.offset, volume.length)
            return
        named = volume if volume.filesystem is None else self._named(volume)
        yield from self._with_others(named, self._container, volume.offset)

    def _with_others(self, volume: Volume, container: Container, offset: int) -> Iterator[Volume]:
        """Yield a volume, then what else its bytes may be read as: other file systems and its shadow copies."""
        shadows: list[Layer] = []
        if volume.filesystem == Kind.NTFS.value:
            try:
                shadows = shadow_copies(container, offset, volume.length)
            except EvidenceFault as fault:
                text = f"its shadow copies cannot be listed ({fault.what})"
                volume = replace(volume, problem="; ".join(filter(None, (volume.problem, text))))
        yield volume
        read = reader_at(container, offset, volume.length)
        for layer in (*other_claims(read, container, offset, volume.length), *shadows):
            yield self._derived(volume, layer, volume.layers)

    def _unwrapped(self, volume: Volume, parent: Container, offset: int, length: int) -> Iterator[Volume]:
        assert volume.filesystem is not None
        try:
            layers = open_layers(volume.filesystem, parent, offset, length, self._exhibit.keys)
        except EvidenceFault as fault:
            yield replace(volume, problem=fault.what)
            return
        self._opened.add((volume.offset, volume.layers))
        yield replace(volume, problem=None)
        for layer in layers:
            inner = self._derived(volume, layer, volume.layers)
            if inner.filesystem in LAYERED and len(inner.layers) < _MOST_LAYERS:
                yield from self._unwrapped(inner, layer.container, 0, layer.container.size)
            else:
                yield from self._with_others(inner, layer.container, 0)

    def _derived(self, volume: Volume, layer: Layer, parents: tuple[str, ...]) -> Volume:
        """Return a layer as a volume; it keeps its partition's number, which no key supplied later may change."""
        layers = (*parents, layer.token)
        self._layers[(volume.offset, layers)] = (layer, parents)
        read, size = reader_at(layer.container, 0), layer.container.size
        signature = layer.claim or identify(read, size)
        inner = Volume(
            index=volume.index,
            offset=volume.offset,
            length=layer.container.size,
            scheme=LAYER,
            description=layer.name,
            filesystem=signature.name if signature else None,
            label=signature.label if signature else None,
            layers=layers,
        )
        if signature is None:
            reason, detail = describe_unknown(read, size)
            stated = layer.container.facts.problems
            return replace(inner, problem=stated[0] if stated else f"{reason.value}: {detail}")
        return inner if signature.name in LAYERED else self._named(inner)

    def _named(self, volume: Volume) -> Volume:
        """Return the volume as it turned out when it was opened."""
        if reason_in(volume.problem or "") is not Reason.READ_ERROR:
            return volume
        try:
            fs = self.system(volume.offset, volume.layers)
        except EvidenceFault as fault:
            return replace(volume, problem="; ".join(filter(None, (volume.problem, fault.what))))
        return replace(volume, filesystem=fs.name, label=fs.label() or volume.label)


def _through(run: tuple[int, int, int], parents: list[tuple[int, int, int]]) -> Iterator[tuple[int, int, int]]:
    """Yield a stretch of a layer where it lies in the exhibit, given where its parent's bytes lie there."""
    start, at, length = run
    for parent_start, parent_at, parent_length in parents:
        low, high = max(at, parent_start), min(at + length, parent_start + parent_length)
        if low < high:
            yield start + low - at, parent_at + low - parent_start, high - low
