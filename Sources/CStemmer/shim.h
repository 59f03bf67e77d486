/// The Snowball stemmers.
#include <libstemmer.h>
