"""Files that import each other, of which none can be understood before the others."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator


def circles(start: str, imports: Callable[[str], Iterable[str]], done: Container[str]) -> Iterator[list[str]]:
    """All files that `start` leads to and that are not done, those first that the others import.

    What has come is to be done before the next is asked for.
    Files that import each other come together: they are the strongly connected components of what imports what, which
    are found as by R. Tarjan, "Depth-first search and linear graph algorithms", SIAM Journal on Computing 1 (1972).
    """
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}
    held: list[str] = []
    following: list[tuple[str, Iterator[str]]] = []

    def enter(path: str) -> None:
        order[path] = lowest[path] = len(order)
        held.append(path)
        following.append((path, iter(imports(path))))

    enter(start)
    while following:
        path, others = following[-1]
        for other in others:
            if other in done:
                continue
            if other not in order:
                enter(other)
                break
            lowest[path] = min(lowest[path], order[other])
        else:
            following.pop()
            if following:
                above = following[-1][0]
                lowest[above] = min(lowest[above], lowest[path])
            if lowest[path] == order[path]:
                at = held.index(path)
                circle = held[at:]
                del held[at:]
                yield circle
