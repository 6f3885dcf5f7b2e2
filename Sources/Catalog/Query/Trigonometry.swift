internal import Glibc

// The names of the standard library's functions are short enough to be taken for variables.

/// The sine of an angle in radians.
func sine(_ angle: Double) -> Double { sin(angle) }

/// The cosine of an angle in radians.
func cosine(_ angle: Double) -> Double { cos(angle) }

/// The angle in radians whose sine this is.
func arcsine(_ sine: Double) -> Double { asin(sine) }
