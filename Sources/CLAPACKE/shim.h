/// LAPACK's C interface as Debian installs it, over the LAPACK that the system's alternatives choose.
#include <lapacke.h>
