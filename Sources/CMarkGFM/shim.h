/// GitHub-flavoured CommonMark with its extensions (tables, task lists, strikethrough, autolinks).
#include <cmark-gfm.h>
#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm-extension_api.h>
