"""exp, log and their kin, with the same bits on every machine.

System libraries differ in the last bit, and one bit in a probability can change a
history. Here only operations that IEEE 754 rounds exactly are used: + - * /, square
root, comparisons, and changes of the exponent.
"""

import math

import numpy as np

from simulation.compiled import rule

_LN2_HIGH = 6.93147180369123816490e-01
_LN2_LOW = 1.90821492927058770002e-10
_INVERSE_LN2 = 1.44269504088896338700e00
_EXP_HIGHEST = 709.782712893383973096
_EXP_LOWEST = -745.13321910194110842

_SMALLEST_NORMAL = 2.2250738585072014e-308
_TWO_54 = 18014398509481984.0
_MANTISSA = 0x000FFFFFFFFFFFFF
_BITS_OF_ONE = 0x3FF0000000000000
# The upper half of the bits of sqrt(1/2), so that the mantissa is centred on 1.
_BITS_OF_ROOT_HALF = 0x3FE6A09E00000000


@rule
def _power_of_two(exponent: int) -> float:
    return float(np.int64((exponent + 1023) << 52).view(np.float64))


@rule
def _scaled(value: float, exponent: int) -> float:
    # In two factors, as 2**-1075 and 2**1024 are not numbers of their own.
    half = exponent >> 1
    return value * _power_of_two(half) * _power_of_two(exponent - half)


@rule
def exp(x: float) -> float:
    """Return e**x, off by less than 1 unit in the last place (ulp).

    0.0 below -745.13, inf above 709.78, nan for nan. Reduction to |r| <= ln(2)/2 and
    rational function as in fdlibm's e_exp.c (Sun Microsystems, 1993).
    """
    x = float(x)
    if x > _EXP_HIGHEST:
        return math.inf
    if x < _EXP_LOWEST:
        return 0.0
    if math.isnan(x):
        return x
    k = math.floor(x * _INVERSE_LN2 + 0.5)
    high = x - k * _LN2_HIGH
    low = k * _LN2_LOW
    return _scaled(_exp_near_zero(high, low), k)


@rule
def _exp_near_zero(high: float, low: float) -> float:
    r = high - low
    t = r * r
    even = 6.61375632143793436117e-05 + t * (
        -1.65339022054652515390e-06 + t * 4.13813679705723846039e-08
    )
    even = -2.77777777770155933842e-03 + t * even
    c = r - t * (1.66666666666666019037e-01 + t * even)
    return 1.0 + (r * c / (2.0 - c) - low + high)


@rule
def log(x: float) -> float:
    """Return the natural logarithm, off by less than 1 ulp.

    -inf for 0, nan below 0 and for nan, inf for inf. Method and polynomial of
    fdlibm's e_log.c (Sun Microsystems, 1993).
    """
    x = float(x)
    if x == 0.0:
        return -math.inf
    if x == math.inf:
        return x
    if not x > 0.0:
        return math.nan
    k = 0
    if x < _SMALLEST_NORMAL:
        k = -54
        x *= _TWO_54
    bits = int(np.float64(x).view(np.int64)) + (_BITS_OF_ONE - _BITS_OF_ROOT_HALF)
    k += (bits >> 52) - 1023
    near_one = np.int64((bits & _MANTISSA) + _BITS_OF_ROOT_HALF).view(np.float64)
    return _log_near_one(float(near_one) - 1.0, k)


@rule
def _log_near_one(f: float, k: int) -> float:
    """Return log(2**k * (1 + f)) for 1 + f within a factor sqrt(2) of 1."""
    half_square = 0.5 * f * f
    s = f / (2.0 + f)
    z = s * s
    w = z * z
    even = 2.222219843214978396e-01 + w * 1.531383769920937332e-01
    even = w * (3.999999999940941908e-01 + w * even)
    odd = 1.818357216161805012e-01 + w * 1.479819860511658591e-01
    odd = 2.857142874366239149e-01 + w * odd
    odd = z * (6.666666666666735130e-01 + w * odd)
    rest = s * (half_square + (odd + even)) + k * _LN2_LOW
    return rest - half_square + f + k * _LN2_HIGH


@rule
def reached_within(x: float, u: float) -> bool:
    """Return whether u < 1 - e**-x, for x >= 0: whether it happens at rate x.

    The exponential is left out where u is so large that it cannot matter, as 1 - e**-x
    is at most x (with room for rounding).
    """
    return u < 1.001 * x and u < 1.0 - exp(-x)


@rule
def rounded(x: float) -> int:
    """Return the whole number nearest to x >= 0, the even one of two."""
    whole = int(x)
    rest = x - whole
    if rest > 0.5 or (rest == 0.5 and whole % 2 == 1):
        whole += 1
    return whole


@rule
def power(x: float, y: float) -> float:
    """Return x**y for x >= 0 as exp(y log x); nan for x < 0.

    The error grows with the result's distance from 1: below 1 + 2 |y log x| ulp, so 3
    ulp up to e and 30 at 1e6. x**0 is 1; 0**y is 0 for y > 0 and inf for y < 0; y is
    finite.
    """
    if y == 0.0 or x == 1.0:
        return 1.0
    return exp(float(y) * log(x))


@rule
def shares_kept(weeks, kept):
    """Fill `kept` with the shares exp(-1/tau) left after a week, of times in weeks."""
    for k in range(weeks.shape[0]):
        kept[k] = exp(-1.0 / weeks[k])


@rule
def logistic(x: float) -> float:
    """Return 1 / (1 + e**-x), in [0, 1], off by less than 3 ulp."""
    if x < 0.0:
        small = exp(x)
        return small / (1.0 + small)
    return 1.0 / (1.0 + exp(-x))


@rule
def normal_quantile(p: float) -> float:
    """Return the standard normal quantile of p, off by less than 1e-15 of itself.

    -inf for 0, inf for 1, nan outside [0, 1]. Algorithm AS 241, PPND16 (Wichura,
    1988).
    """
    p = float(p)
    q = p - 0.5
    if -0.425 <= q <= 0.425:
        return _quantile_centre(q)
    if p == 0.0 or p == 1.0:
        return math.copysign(math.inf, q)
    if not 0.0 < p < 1.0:
        return math.nan
    if q < 0.0:
        return -_quantile_tail(math.sqrt(-log(p)))
    return _quantile_tail(math.sqrt(-log(1.0 - p)))


@rule
def _quantile_centre(q: float) -> float:
    r = 0.180625 - q * q
    above = r * 2.5090809287301226727e3 + 3.3430575583588128105e4
    above = r * above + 6.7265770927008700853e4
    above = r * above + 4.5921953931549871457e4
    above = r * above + 1.3731693765509461125e4
    above = r * above + 1.9715909503065514427e3
    above = r * above + 1.3314166789178437745e2
    above = r * above + 3.3871328727963666080e0
    below = r * 5.2264952788528545610e3 + 2.8729085735721942674e4
    below = r * below + 3.9307895800092710610e4
    below = r * below + 2.1213794301586595867e4
    below = r * below + 5.3941960214247511077e3
    below = r * below + 6.8718700749205790830e2
    below = r * below + 4.2313330701600911252e1
    return q * above / (r * below + 1.0)


@rule
def _quantile_tail(r: float) -> float:
    return _quantile_near_tail(r - 1.6) if r <= 5.0 else _quantile_far_tail(r - 5.0)


@rule
def _quantile_near_tail(r: float) -> float:
    above = r * 7.74545014278341407640e-4 + 2.27238449892691845833e-2
    above = r * above + 2.41780725177450611770e-1
    above = r * above + 1.27045825245236838258e0
    above = r * above + 3.64784832476320460504e0
    above = r * above + 5.76949722146069140550e0
    above = r * above + 4.63033784615654529590e0
    above = r * above + 1.42343711074968357734e0
    below = r * 1.05075007164441684324e-9 + 5.47593808499534494600e-4
    below = r * below + 1.51986665636164571966e-2
    below = r * below + 1.48103976427480074590e-1
    below = r * below + 6.89767334985100004550e-1
    below = r * below + 1.67638483018380384940e0
    below = r * below + 2.05319162663775882187e0
    return above / (r * below + 1.0)


@rule
def _quantile_far_tail(r: float) -> float:
    above = r * 2.01033439929228813265e-7 + 2.71155556874348757815e-5
    above = r * above + 1.24266094738807843860e-3
    above = r * above + 2.65321895265761230930e-2
    above = r * above + 2.96560571828504891230e-1
    above = r * above + 1.78482653991729133580e0
    above = r * above + 5.46378491116411436990e0
    above = r * above + 6.65790464350110377720e0
    below = r * 2.04426310338993978564e-15 + 1.42151175831644588870e-7
    below = r * below + 1.84631831751005468180e-5
    below = r * below + 7.86869131145613259100e-4
    below = r * below + 1.48753612908506148525e-2
    below = r * below + 1.36929880922735805310e-1
    below = r * below + 5.99832206555887937690e-1
    return above / (r * below + 1.0)
