"""What the two sides of the comparison share."""
import dataclasses
import typing


@dataclasses.dataclass(frozen=True)
class Field:
    """One thing that both we and the peer say of a file."""

    name: str
    #: From the worker's reading; None when we say nothing.
    ours: typing.Callable[[dict], object]
    #: From what the peer says of the same file; None when it says nothing.
    theirs: typing.Callable[[dict], object]
    #: Units and notations are the same already: only what the peer rounds may differ here.
    same: typing.Callable[[object, object], bool] = lambda ours, theirs: ours == theirs


@dataclasses.dataclass(frozen=True)
class Argument:
    """A class of difference in which we are right, by a standard that its sentence names.

    It is about what stands in a file and never about one file; ARCHITECTURE.md has the sentence too.
    """

    field: str
    #: Whether a difference is of this class: the reading, what the peer says, the two values.
    holds: typing.Callable[[dict, dict, object, object], bool]
    sentence: str
