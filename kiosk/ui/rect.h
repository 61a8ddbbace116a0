/* Rectangles in design units (u = 1/4.03 mm), and layout by cutting pieces off.
 *
 * A unit is what mock and theme count in; pixels exist in kiosk/gfx only. Cutting never goes below zero: a
 * piece that no longer fits is what was left. */
#pragma once

#include <stdbool.h>

typedef struct Rect {
    int x, y, w, h;
} Rect;

Rect rect_make(int x, int y, int w, int h);
int rect_right(Rect rect);
int rect_bottom(Rect rect);
bool rect_is_empty(Rect rect);
bool rect_equal(Rect a, Rect b);
bool rect_has(Rect rect, int x, int y);
bool rect_overlap(Rect a, Rect b);
Rect rect_intersect(Rect a, Rect b); /* empty (w and h 0) when they do not meet */
Rect rect_union(Rect a, Rect b);     /* an empty one adds nothing */
Rect rect_move(Rect rect, int dx, int dy);

Rect rect_inset(Rect rect, int by); /* all sides; negative grows */
Rect rect_inset_xy(Rect rect, int by_x, int by_y);
Rect rect_centered(Rect in, int w, int h);

/* Cuts a piece off and returns it; *rest is what remains. */
Rect rect_cut_top(Rect *rest, int h);
Rect rect_cut_bottom(Rect *rest, int h);
Rect rect_cut_left(Rect *rest, int w);
Rect rect_cut_right(Rect *rest, int w);

/* The index-th of count equal columns or rows; leftover units go to the first ones, so that the edges meet.
 */
Rect rect_column(Rect in, int count, int index, int gap);
Rect rect_row(Rect in, int count, int index, int gap);
Rect rect_cell(Rect in, int columns, int rows, int index, int gap_x,
               int gap_y); /* index runs along the rows */

/* Pieces of differing width set one after the other, the next row begun where one does not fit. */
typedef struct Flow {
    Rect in;
    int gap_x, gap_y, row_h;
    int x, y;
} Flow;

Flow flow_begin(Rect in, int gap_x, int gap_y, int row_h);
Rect flow_next(Flow *flow, int w);
int flow_height(const Flow *flow); /* rows begun so far */
