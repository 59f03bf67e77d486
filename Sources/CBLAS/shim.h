/// BLAS as Debian installs it: the reference library or OpenBLAS, whichever the system's alternatives choose.
#include <cblas.h>
