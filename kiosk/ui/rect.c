#include "kiosk/ui/rect.h"

static int smaller(int a, int b) {
    return a < b ? a : b;
}

static int larger(int a, int b) {
    return a > b ? a : b;
}

Rect rect_make(int x, int y, int w, int h) {
    return (Rect){x, y, larger(w, 0), larger(h, 0)};
}

int rect_right(Rect rect) {
    return rect.x + rect.w;
}

int rect_bottom(Rect rect) {
    return rect.y + rect.h;
}

bool rect_is_empty(Rect rect) {
    return rect.w <= 0 || rect.h <= 0;
}

bool rect_equal(Rect a, Rect b) {
    return a.x == b.x && a.y == b.y && a.w == b.w && a.h == b.h;
}

bool rect_has(Rect rect, int x, int y) {
    return x >= rect.x && x < rect_right(rect) && y >= rect.y && y < rect_bottom(rect);
}

bool rect_overlap(Rect a, Rect b) {
    return !rect_is_empty(rect_intersect(a, b));
}

Rect rect_intersect(Rect a, Rect b) {
    int x = larger(a.x, b.x), y = larger(a.y, b.y);
    int w = smaller(rect_right(a), rect_right(b)) - x, h = smaller(rect_bottom(a), rect_bottom(b)) - y;
    return w > 0 && h > 0 ? (Rect){x, y, w, h} : (Rect){x, y, 0, 0};
}

Rect rect_union(Rect a, Rect b) {
    if (rect_is_empty(a)) return b;
    if (rect_is_empty(b)) return a;
    int x = smaller(a.x, b.x), y = smaller(a.y, b.y);
    return (Rect){x, y, larger(rect_right(a), rect_right(b)) - x, larger(rect_bottom(a), rect_bottom(b)) - y};
}

Rect rect_move(Rect rect, int dx, int dy) {
    return (Rect){rect.x + dx, rect.y + dy, rect.w, rect.h};
}

Rect rect_inset(Rect rect, int by) {
    return rect_inset_xy(rect, by, by);
}

Rect rect_inset_xy(Rect rect, int by_x, int by_y) {
    return rect_make(rect.x + by_x, rect.y + by_y, rect.w - 2 * by_x, rect.h - 2 * by_y);
}

Rect rect_centered(Rect in, int w, int h) {
    return rect_make(in.x + (in.w - w) / 2, in.y + (in.h - h) / 2, w, h);
}

/* What of `wanted` can be had out of `available`. */
static int take(int wanted, int available) {
    return larger(0, smaller(wanted, available));
}

Rect rect_cut_top(Rect *rest, int h) {
    h = take(h, rest->h);
    Rect piece = {rest->x, rest->y, rest->w, h};
    rest->y += h;
    rest->h -= h;
    return piece;
}

Rect rect_cut_bottom(Rect *rest, int h) {
    h = take(h, rest->h);
    rest->h -= h;
    return (Rect){rest->x, rest->y + rest->h, rest->w, h};
}

Rect rect_cut_left(Rect *rest, int w) {
    w = take(w, rest->w);
    Rect piece = {rest->x, rest->y, w, rest->h};
    rest->x += w;
    rest->w -= w;
    return piece;
}

Rect rect_cut_right(Rect *rest, int w) {
    w = take(w, rest->w);
    rest->w -= w;
    return (Rect){rest->x + rest->w, rest->y, w, rest->h};
}

/* Start and length of one of count equal shares of length. */
static void share(int length, int count, int index, int gap, int *start, int *size) {
    int room = larger(0, length - gap * (count - 1));
    int each = room / count, left_over = room % count;
    *start = index * (each + gap) + smaller(index, left_over);
    *size = each + (index < left_over ? 1 : 0);
}

Rect rect_column(Rect in, int count, int index, int gap) {
    Rect piece = in;
    share(in.w, count, index, gap, &piece.x, &piece.w);
    piece.x += in.x;
    return piece;
}

Rect rect_row(Rect in, int count, int index, int gap) {
    Rect piece = in;
    share(in.h, count, index, gap, &piece.y, &piece.h);
    piece.y += in.y;
    return piece;
}

Rect rect_cell(Rect in, int columns, int rows, int index, int gap_x, int gap_y) {
    return rect_column(rect_row(in, rows, index / columns, gap_y), columns, index % columns, gap_x);
}

Flow flow_begin(Rect in, int gap_x, int gap_y, int row_h) {
    return (Flow){.in = in, .gap_x = gap_x, .gap_y = gap_y, .row_h = row_h, .x = in.x, .y = in.y};
}

Rect flow_next(Flow *flow, int w) {
    w = smaller(w, flow->in.w);
    if (flow->x > flow->in.x && flow->x + w > rect_right(flow->in)) {
        flow->x = flow->in.x;
        flow->y += flow->row_h + flow->gap_y;
    }
    Rect piece = rect_make(flow->x, flow->y, w, flow->row_h);
    flow->x += w + flow->gap_x;
    return piece;
}

int flow_height(const Flow *flow) {
    bool begun = flow->x > flow->in.x || flow->y > flow->in.y;
    return begun ? flow->y + flow->row_h - flow->in.y : 0;
}
