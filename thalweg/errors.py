"""Errors, under the names of TensorFlow where it has them."""

from thalweg._src.base.errors import AbortedError as AbortedError
from thalweg._src.base.errors import AlreadyExistsError as AlreadyExistsError
from thalweg._src.base.errors import CancelledError as CancelledError
from thalweg._src.base.errors import DataLossError as DataLossError
from thalweg._src.base.errors import DataUnavailableError as DataUnavailableError
from thalweg._src.base.errors import DeadlineExceededError as DeadlineExceededError
from thalweg._src.base.errors import DTypeError as DTypeError
from thalweg._src.base.errors import FailedPreconditionError as FailedPreconditionError
from thalweg._src.base.errors import GradientError as GradientError
from thalweg._src.base.errors import IndexRangeError as IndexRangeError
from thalweg._src.base.errors import InternalError as InternalError
from thalweg._src.base.errors import InvalidArgumentError as InvalidArgumentError
from thalweg._src.base.errors import LeakedTensorError as LeakedTensorError
from thalweg._src.base.errors import NotCompiledError as NotCompiledError
from thalweg._src.base.errors import NotFoundError as NotFoundError
from thalweg._src.base.errors import (
    OperatorNotAllowedInGraphError as OperatorNotAllowedInGraphError,
)
from thalweg._src.base.errors import OpError as OpError
from thalweg._src.base.errors import OutOfRangeError as OutOfRangeError
from thalweg._src.base.errors import PermissionDeniedError as PermissionDeniedError
from thalweg._src.base.errors import ResourceExhaustedError as ResourceExhaustedError
from thalweg._src.base.errors import ShapeError as ShapeError
from thalweg._src.base.errors import ThalwegError as ThalwegError
from thalweg._src.base.errors import UnauthenticatedError as UnauthenticatedError
from thalweg._src.base.errors import UnavailableError as UnavailableError
from thalweg._src.base.errors import UnimplementedError as UnimplementedError
from thalweg._src.base.errors import UnknownError as UnknownError
from thalweg._src.base.errors import UnknownNameError as UnknownNameError
