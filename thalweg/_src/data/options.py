"""Options of data sets: how a pipeline runs. None of them changes its elements or their order."""

from __future__ import annotations

import enum
import os
from typing import Any

from thalweg._src.data.node import Cursor, Node, Run, Workers

# In place of a number of shards: that of the workers that a strategy has.
SHARD_HINT = -1


class AutoShardPolicy(enum.IntEnum):
    """How a strategy divides a data set among workers.

    Source: `tf.data.experimental.AutoShardPolicy`.
    """

    OFF = -1
    AUTO = 0
    FILE = 1
    DATA = 2
    HINT = 3


class AutotuneAlgorithm(enum.Enum):
    """Names of TensorFlow's ways to choose numbers of threads; here processors are counted.

    Source: `tf.data.experimental.AutotuneAlgorithm`.
    """

    DEFAULT = 0
    HILL_CLIMB = 1
    GRADIENT_DESCENT = 2
    MAX_PARALLELISM = 3
    STAGE_BASED = 4


class ExternalStatePolicy(enum.Enum):
    """What TensorFlow does where a pipeline's state cannot be saved; here it can always.

    Source: `tf.data.experimental.ExternalStatePolicy`.
    """

    WARN = 0
    IGNORE = 1
    FAIL = 2


class _Option:
    """An option of a set: None until it is given.

    Args:
        kind: Its class.
        doc: What it says.
        default: Value until it is given; a set of options is made when it is first asked for.
        alias: Name of the option that it is another name of.
    """

    def __init__(self, kind: Any, doc: str, default: Any = None, alias: str = "") -> None:
        self.kind = kind
        self.default = default
        self.alias = alias
        self.__doc__ = doc

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = self.alias or name

    def __get__(self, owner: Any, kind: Any = None) -> Any:
        if owner is None:
            return self
        if self.name not in owner._given and issubclass(self.kind, OptionSet):
            owner._given[self.name] = self.kind()
        return owner._given.get(self.name, self.default)

    def __set__(self, owner: Any, value: Any) -> None:
        if value is not None and not isinstance(value, self.kind):
            raise TypeError(
                f'[{type(owner).__name__}] Property "{self.name}" must be of type {self.kind}, got: '
                f"{value!r} (type: {type(value)})."
            )
        owner._given[self.name] = value


class OptionSet:
    """Options with names."""

    _given: dict[str, Any]

    def __init__(self) -> None:
        object.__setattr__(self, "_given", {})

    def __setattr__(self, name: str, value: Any) -> None:
        if not hasattr(type(self), name):
            known = [n for n in dir(type(self)) if isinstance(getattr(type(self), n), _Option)]
            raise AttributeError(
                f"Cannot set the property {name} on {type(self).__name__}; it has {', '.join(known)}."
            )
        object.__setattr__(self, name, value)

    def _set(self) -> dict[str, Any]:
        """Options that were given, sets inside as dicts."""
        found = {k: v._set() if isinstance(v, OptionSet) else v for k, v in self._given.items()}
        return {k: v for k, v in found.items() if v is not None and v != {}}

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self._set() == other._set()  # type: ignore[attr-defined]

    def __hash__(self) -> int:
        return hash(repr(sorted(self._set().items(), key=repr)))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._set()}>"

    def _merged(self, other: Any) -> Any:
        """These options, and those that the other gives instead."""
        made = type(self)()
        for source in (self, other):
            for name, value in source._given.items():
                if isinstance(value, OptionSet):
                    made._given[name] = made._given.get(name, type(value)())._merged(value)
                elif value is not None:
                    made._given[name] = value
        return made


class AutotuneOptions(OptionSet):
    """How many threads `AUTOTUNE` stands for.

    Source: `tf.data.experimental.AutotuneOptions`. Nothing is measured while a pipeline runs: `AUTOTUNE` is
    one thread for each processor, unless these options say otherwise.
    """

    enabled = _Option(bool, "Accepted: numbers of threads do not change while a pipeline runs.")
    cpu_budget = _Option(int, "Threads that `AUTOTUNE` stands for; 0 or None for one for each processor.")
    ram_budget = _Option(int, "Accepted: a prefetch of `AUTOTUNE` keeps two elements.")
    autotune_algorithm = _Option(AutotuneAlgorithm, "Accepted: processors are counted.")
    initial_parallelism = _Option(int, "Threads that `AUTOTUNE` stands for, if `cpu_budget` is not given.")
    min_parallelism = _Option(int, "Least number of threads that `AUTOTUNE` stands for.")


class DistributeOptions(OptionSet):
    """How a strategy divides the data set.

    Source: `tf.data.experimental.DistributeOptions`.
    """

    auto_shard_policy = _Option(AutoShardPolicy, "How workers share the elements.", AutoShardPolicy.AUTO)
    num_devices = _Option(int, "Number of devices that take elements.")


class OptimizationOptions(OptionSet):
    """What is done to a plan before it runs.

    Source: `tf.data.experimental.OptimizationOptions`.
    """

    apply_default_optimizations = _Option(bool, "False to run the plan as it is written.")
    filter_fusion = _Option(bool, "Accepted: predicates that can be programs run over blocks anyway.")
    filter_parallelization = _Option(bool, "Accepted: predicates run over blocks, or one by one.")
    inject_prefetch = _Option(bool, "True to make the last elements beforehand in a thread.")
    map_and_batch_fusion = _Option(bool, "Accepted: a batch takes the block that a map has made anyway.")
    map_and_filter_fusion = _Option(bool, "Accepted: both run over the same blocks anyway.")
    map_fusion = _Option(bool, "Accepted: maps hand blocks to each other anyway.")
    map_parallelization = _Option(
        bool, "True to run functions in threads that run in Python, though `num_parallel_calls` is not given."
    )
    noop_elimination = _Option(bool, "Accepted: steps that do nothing cost nothing.")
    parallel_batch = _Option(bool, "Accepted: batches are cut from blocks.")
    seq_interleave_prefetch = _Option(bool, "Accepted: give `interleave` num_parallel_calls.")
    shuffle_and_repeat_fusion = _Option(bool, "Accepted: both are done to numbers of elements anyway.")


class ServiceOptions(OptionSet):
    """Options of TensorFlow's data service, which there is none of here.

    Source: `tf.data.experimental.ServiceOptions`.
    """

    pinned = _Option(bool, "Accepted: there is no memory of a service to pin.")


class ThreadingOptions(OptionSet):
    """How many threads a pipeline has.

    Source: `tf.data.ThreadingOptions`.
    """

    max_intra_op_parallelism = _Option(int, "Accepted: XLA has its own threads for the work of an op.")
    private_threadpool_size = _Option(
        int, "Most functions of one step that run at once; 0 or None for no bound."
    )


class Options(OptionSet):
    """How a pipeline runs. Given by `Dataset.with_options`, they hold for the whole pipeline.

    The elements and their order never depend on them.

    Example:
        >>> import thalweg as tf
        >>> options = tf.data.Options()
        >>> options.threading.private_threadpool_size = 2
        >>> dataset = tf.data.Dataset.range(3).with_options(options)
        >>> dataset.options().threading.private_threadpool_size
        2

    Source: `tf.data.Options`.
    """

    autotune = _Option(AutotuneOptions, "How many threads `AUTOTUNE` stands for.")
    dataset_name = _Option(str, "Name of the pipeline in `explain`.")
    deterministic = _Option(bool, "Accepted: the order of elements is always the same, as with True.")
    experimental_deterministic = _Option(bool, "Older name of `deterministic`.", alias="deterministic")
    experimental_distribute = _Option(DistributeOptions, "How a strategy divides the data set.")
    experimental_external_state_policy = _Option(
        ExternalStatePolicy, "Accepted: the place of an iterator is two numbers; nothing is lost."
    )
    experimental_optimization = _Option(OptimizationOptions, "What is done to the plan before it runs.")
    experimental_service = _Option(ServiceOptions, "Options of a data service.")
    experimental_slack = _Option(bool, "Accepted: the system schedules XLA's threads and the pipeline's.")
    experimental_symbolic_checkpoint = _Option(bool, "Accepted: checkpoints hold no elements, as with True.")
    experimental_threading = _Option(ThreadingOptions, "Older name of `threading`.", alias="threading")
    experimental_warm_start = _Option(bool, "True to begin prefetching when an iterator is made.")
    framework_type = _Option(list, "Names for the program's own use.")
    threading = _Option(ThreadingOptions, "How many threads the pipeline has.")

    def merge(self, options: Any) -> Any:
        """These options, and those that others give instead.

        Args:
            options: `Options`; what is None in them stays.

        Source: `tf.data.Options.merge`.
        """
        return self._merged(options)


class WithOptions(Node):
    """The same elements; options for the whole plan.

    Args:
        input: The elements.
        options: The options.
    """

    name = "with_options"

    def __init__(self, input: Node, options: Options) -> None:
        super().__init__(input)
        # The program may change its own later.
        self.options = Options().merge(options)

    def open(self, run: Run) -> Cursor:
        """Cursor of the input."""
        return self.inputs[0].open(run)

    def settings(self) -> dict[str, Any]:
        """What was given."""
        return self.options._set()


def options_of(node: Node) -> Options:
    """Options of a plan: those of its inputs in their order, then its own."""
    found = Options()
    for input in node.inputs:
        found = found.merge(options_of(input))
    return found.merge(node.options) if isinstance(node, WithOptions) else found


def workers_of(options: Options) -> Workers:
    """Threads that a pipeline with options has."""
    tuning, optimization = options.autotune, options.experimental_optimization
    usual = tuning.cpu_budget or tuning.initial_parallelism or os.cpu_count() or 1
    return Workers(
        usual=max(usual, tuning.min_parallelism or 1),
        most=options.threading.private_threadpool_size or 0,
        implied=bool(optimization.map_parallelization),
        at_once=bool(options.experimental_warm_start),
    )
