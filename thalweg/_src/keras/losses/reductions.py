"""Names of reductions as constants, for programs written for Keras 2."""


class Reduction:
    """Values for the `reduction` argument of losses.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.losses.Reduction.NONE
        'none'

    Source: `tf.keras.losses.Reduction`.
    """

    AUTO = "auto"
    NONE = "none"
    SUM = "sum"
    SUM_OVER_BATCH_SIZE = "sum_over_batch_size"

    @classmethod
    def all(cls) -> tuple[str, ...]:
        """All values."""
        return cls.AUTO, cls.NONE, cls.SUM, cls.SUM_OVER_BATCH_SIZE

    @classmethod
    def validate(cls, key: str) -> None:
        """Raises unless `key` is one of the values.

        Args:
            key: The value.

        Raises:
            ValueError: Another value.
        """
        if key not in cls.all():
            raise ValueError(f"[Reduction] expected one of {cls.all()}, got {key!r}.")
