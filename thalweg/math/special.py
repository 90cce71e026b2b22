"""tf.math.special: Bessel functions and integrals."""

from thalweg._src.ops.bessel import bessel_i0 as bessel_i0
from thalweg._src.ops.bessel import bessel_i0e as bessel_i0e
from thalweg._src.ops.bessel import bessel_i1 as bessel_i1
from thalweg._src.ops.bessel import bessel_i1e as bessel_i1e
from thalweg._src.ops.bessel import bessel_j0 as bessel_j0
from thalweg._src.ops.bessel import bessel_j1 as bessel_j1
from thalweg._src.ops.bessel import bessel_k0 as bessel_k0
from thalweg._src.ops.bessel import bessel_k0e as bessel_k0e
from thalweg._src.ops.bessel import bessel_k1 as bessel_k1
from thalweg._src.ops.bessel import bessel_k1e as bessel_k1e
from thalweg._src.ops.bessel import bessel_y0 as bessel_y0
from thalweg._src.ops.bessel import bessel_y1 as bessel_y1
from thalweg._src.ops.special import dawsn as dawsn
from thalweg._src.ops.special import expint as expint
from thalweg._src.ops.special import fresnel_cos as fresnel_cos
from thalweg._src.ops.special import fresnel_sin as fresnel_sin
from thalweg._src.ops.special import spence as spence
