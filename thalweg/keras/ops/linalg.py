"""keras.ops.linalg: linear algebra."""

from thalweg._src.keras.ops.decompositions import cholesky as cholesky
from thalweg._src.keras.ops.decompositions import eig as eig
from thalweg._src.keras.ops.decompositions import eigh as eigh
from thalweg._src.keras.ops.decompositions import qr as qr
from thalweg._src.keras.ops.decompositions import svd as svd
from thalweg._src.keras.ops.derivatives import jvp as jvp
from thalweg._src.keras.ops.linalg import cholesky_inverse as cholesky_inverse
from thalweg._src.keras.ops.linalg import det as det
from thalweg._src.keras.ops.linalg import inv as inv
from thalweg._src.keras.ops.linalg import lstsq as lstsq
from thalweg._src.keras.ops.linalg import lu_factor as lu_factor
from thalweg._src.keras.ops.linalg import matrix_rank as matrix_rank
from thalweg._src.keras.ops.linalg import norm as norm
from thalweg._src.keras.ops.linalg import pinv as pinv
from thalweg._src.keras.ops.linalg import solve as solve
from thalweg._src.keras.ops.linalg import solve_triangular as solve_triangular
