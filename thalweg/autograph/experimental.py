"""Options of the conversion of Python's control flow."""

from thalweg._src.function.autograph import Feature as Feature
from thalweg._src.function.autograph import do_not_convert as do_not_convert
from thalweg._src.function.autograph_calls import set_loop_options as set_loop_options
