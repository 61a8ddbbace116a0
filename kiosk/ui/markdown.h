/* Markdown (CommonMark with tables and task lists) set in the look. Home of md4c. Raw HTML is left out, links
 * are shown as text, a heading of any level is section head M. */
#pragma once

#include "kiosk/ui/text.h"

typedef struct Markdown Markdown;

enum { MARKDOWN_MAX = 256 * 1024, MARKDOWN_DEPTH_MAX = 8 };

/* Parses once, on load; the result lives in the arena. Longer than MARKDOWN_MAX is E_TOOBIG. */
CHECKED Status markdown_parse(Arena *arena, Str text, Markdown **out, Err *err);

int ui_markdown(
    Ui *ui, Rect area,
    const Markdown *markdown); /* from the top of area; height used; what is out of sight is spared */
Str markdown_plain(Arena *arena, const Markdown *markdown); /* for reading aloud */

/* How high an image is to be at that width; without it images are 9/16. */
typedef int (*MarkdownImageHeight)(void *context, Str name, int width);
void markdown_set_image_height(Markdown *markdown, MarkdownImageHeight height, void *context);
