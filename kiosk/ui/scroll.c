#include "kiosk/ui/inside.h"

#include <math.h>
#include <stdlib.h>

static const double GLIDE_TAU_MS = 325;   /* after that a glide has lost 63 % of its speed */
static const double STANDING_U_MS = 0.02; /* slower than that it stands */
static const double SWALLOW_U_MS = 0.1;   /* a touch that stops something faster than this presses nothing */

enum { CONTENT_TALL_U = 1 << 20 };
enum {
    TRAIL_MS = 80, /* the speed of a finger is that of its last moments */
    FRAME_MS = 16,
    TURN_MS = SLIDE_MS,
    PAGE_BUTTON_W = 112,
    PAGE_OVERLAP = 2 * GRID
};

Scroll *scroll_find(Ui *ui, uint32_t id) {
    Scroll *scrolls = ui->inside->scrolls, *oldest = &scrolls[0];
    for (int i = 0; i < SCROLLS_MAX; i++) {
        if (scrolls[i].id == id) return &scrolls[i];
        if (scrolls[i].used_ms < oldest->used_ms || scrolls[i].id == 0) oldest = &scrolls[i];
    }
    *oldest = (Scroll){.id = id};
    return oldest;
}

static double most(const Scroll *scroll) {
    return scroll->content_h > scroll->view_h ? scroll->content_h - scroll->view_h : 0;
}

static double within(const Scroll *scroll, double offset) {
    return fmax(0, fmin(offset, most(scroll)));
}

static double speed_now(const Scroll *scroll, Millis now_ms) {
    if (!scroll->glide_ms || scroll->turning) return 0;
    return scroll->velocity * exp(-(double)(now_ms - scroll->glide_ms) / GLIDE_TAU_MS);
}

/* ---- moving by itself ---- */

static void run_out(Scroll *scroll, Millis now_ms) {
    double passed = (double)(now_ms - scroll->glide_ms);
    double wanted = scroll->start + scroll->velocity * GLIDE_TAU_MS * (1 - exp(-passed / GLIDE_TAU_MS));
    scroll->offset = within(scroll, wanted);
    bool stopped = fabs(speed_now(scroll, now_ms)) < STANDING_U_MS || scroll->offset != wanted;
    if (stopped) scroll->glide_ms = 0;
}

static void turn(Scroll *scroll, Millis now_ms) {
    double part = fmin(1, (double)(now_ms - scroll->glide_ms) / TURN_MS), rest = (1 - part) * (1 - part);
    scroll->offset = within(scroll, scroll->target + (scroll->start - scroll->target) * rest);
    if (part >= 1) scroll->glide_ms = 0;
}

static void glide(Ui *ui, Scroll *scroll) {
    if (!scroll->glide_ms) return;
    if (scroll->turning)
        turn(scroll, ui->now_ms);
    else
        run_out(scroll, ui->now_ms);
    if (scroll->glide_ms) ui_wake_at(ui, ui->now_ms + FRAME_MS);
}

static void turn_to(Ui *ui, Scroll *scroll, double target) {
    scroll->target = within(scroll, target);
    scroll->start = scroll->offset;
    scroll->turning = true;
    scroll->glide_ms = ui->now_ms;
    if (ui->theme.choice.calm) {
        scroll->offset = scroll->target;
        scroll->glide_ms = 0;
    }
    ui->inside->again = true;
}

/* ---- the finger ---- */

static void drag(Ui *ui) {
    Finger *finger = &ui->inside->finger;
    Scroll *scroll = scroll_find(ui, finger->scroll_id);
    if (!finger->dragging) {
        if (abs(finger->y - finger->down_y) < SLOP || most(scroll) <= 0) return;
        finger->dragging = true;
        finger->pressed = 0;
        finger->down_y = finger->y; /* no jump by the slop */
        scroll->start = scroll->offset;
    }
    scroll->offset = within(scroll, scroll->start - (finger->y - finger->down_y));
}

static double finger_speed(const Finger *finger, Millis now_ms) {
    for (int i = 0; i < finger->trail_count; i++) {
        const TrailPoint *point = &finger->trail[i];
        Millis passed = now_ms - point->at_ms;
        if (passed <= TRAIL_MS && passed > 0) return (double)(point->y - finger->y) / (double)passed;
    }
    return 0;
}

static void let_go(Ui *ui) {
    Finger *finger = &ui->inside->finger;
    Scroll *scroll = scroll_find(ui, finger->scroll_id);
    scroll->velocity = finger_speed(finger, ui->now_ms);
    if (ui->theme.choice.calm || fabs(scroll->velocity) < STANDING_U_MS) return;
    scroll->start = scroll->offset;
    scroll->turning = false;
    scroll->glide_ms = ui->now_ms;
}

void scroll_input(Ui *ui) {
    Finger *finger = &ui->inside->finger;
    InputType type = ui->input.type;
    if (finger->scroll_id && finger->down && (type == INPUT_MOVE || type == INPUT_UP)) drag(ui);
    if (finger->dragging && type == INPUT_UP) let_go(ui);
}

static void take_finger(Ui *ui, Scroll *scroll, Rect viewport) {
    Finger *finger = &ui->inside->finger;
    if (ui->input.type != INPUT_DOWN || !rect_has(viewport, finger->x, finger->y)) return;
    finger->scroll_id = scroll->id;
    if (fabs(speed_now(scroll, ui->now_ms)) > SWALLOW_U_MS) finger->swallowed = true;
    scroll->glide_ms = 0;
}

/* ---- areas ---- */

static bool is_longer(const Scroll *scroll) {
    return scroll->content_h > scroll->view_h;
}

static int step_of(const Scroll *scroll) {
    return scroll->step > 0                    ? scroll->step
           : scroll->view_h > 2 * PAGE_OVERLAP ? scroll->view_h - PAGE_OVERLAP
                                               : scroll->view_h;
}

ScrollArea ui_scroll_begin(Ui *ui, Rect viewport, Str key) {
    Scroll *scroll = scroll_find(ui, ui_id(ui, key));
    scroll->view_h = viewport.h;
    scroll->viewport = viewport;
    scroll->used_ms = ui->now_ms;
    scroll->step = scroll->rows_h = 0;
    take_finger(ui, scroll, viewport);
    glide(ui, scroll);
    ScrollArea area = {.viewport = viewport, .id = scroll->id};
    Rect seen = viewport;
    if (is_longer(scroll)) {
        rect_cut_right(&seen, PAGE_BUTTON_W + GRID);
        scroll->offset = within(scroll, scroll->offset);
    }
    area.content = rect_move(seen, 0, -(int)lround(scroll->offset));
    area.content.h = CONTENT_TALL_U; /* as long as it may become: pieces are cut off it */
    ui->inside->scroll_now = scroll->id;
    ui_push_clip(ui, seen);
    return area;
}

static void page_buttons(Ui *ui, Scroll *scroll, Rect viewport, Str page_words) {
    Rect column = rect_cut_right(&viewport, PAGE_BUTTON_W);
    if (scroll->rows_h) column.h = scroll->rows_h; /* the lower button ends with the last whole row */
    int h = column.h >= 2 * 148 + 200 ? 148 : BUTTON_H;
    rect_cut_bottom(&column, EDGE);
    if (column.h < 2 * (TARGET_MIN + EDGE)) { /* room for one only: onwards, and at the end back */
        bool end = scroll->offset >= most(scroll);
        if (ui_arrow_button(ui, column, end ? "chev_haut" : "chev_bas",
                            end ? ui->labels.page_up : ui->labels.page_down, false))
            turn_to(ui, scroll, end ? 0 : scroll->offset + step_of(scroll));
        return;
    }
    if (column.h < 2 * (h + EDGE)) h = column.h / 2 - EDGE;
    Rect up = rect_cut_top(&column, h), down = rect_cut_bottom(&column, h);
    double top = scroll->offset;
    if (ui_arrow_button(ui, up, "chev_haut", ui->labels.page_up, top <= 0))
        turn_to(ui, scroll, top - step_of(scroll));
    Rect words = rect_inset_xy(column, -GRID + 4, 0);
    TextLook look = {.color = ui->theme.ink2, .align = ALIGN_CENTER, .tight = true};
    if (ui_text_height(ui, words.w, page_words, look) <= words.h) ui_text_middle(ui, words, page_words, look);
    if (ui_arrow_button(ui, down, "chev_bas", ui->labels.page_down, top >= most(scroll)))
        turn_to(ui, scroll, top + step_of(scroll));
}

void ui_scroll_end(Ui *ui, ScrollArea area, int content_h, Str page_words) {
    Scroll *scroll = scroll_find(ui, area.id);
    bool was_longer = is_longer(scroll);
    ui_pop_clip(ui);
    ui->inside->scroll_now = 0;
    scroll->content_h = content_h;
    if (was_longer) page_buttons(ui, scroll, area.viewport, page_words);
    bool overshot = scroll->offset > most(scroll);
    scroll->offset = within(scroll, scroll->offset);
    if (was_longer != is_longer(scroll) || overshot) ui->inside->again = true;
}

void ui_scroll_rows(Ui *ui, const ScrollArea *area, int row_h, int gap, int count, int *first,
                    int *last_plus_one) {
    int pitch = row_h + gap, above = area->viewport.y - area->content.y;
    int from = above / pitch, to = (above + area->viewport.h) / pitch + 1;
    *first = from < count ? from : count;
    *last_plus_one = to < count ? to : count;
    int fitting = (area->viewport.h + gap) / pitch;
    scroll_find(ui, area->id)->step = fitting > 0 ? fitting * pitch : 0;
    scroll_find(ui, area->id)->rows_h = fitting > 0 ? fitting * pitch - gap : 0;
}

int ui_scroll_page(Ui *ui, Str key, int *pages) {
    Scroll *scroll = scroll_find(ui, ui_id(ui, key));
    int step = step_of(scroll);
    *pages = step > 0 ? 1 + (int)ceil(most(scroll) / step) : 1;
    bool at_end = most(scroll) > 0 && scroll->offset >= most(scroll);
    return at_end ? *pages : 1 + (step > 0 ? (int)((scroll->offset + step / 2.0) / step) : 0);
}

void ui_scroll_to(Ui *ui, Str key, int y) {
    Scroll *scroll = scroll_find(ui, ui_id(ui, key));
    scroll->offset = fmax(0, y);
    scroll->glide_ms = 0;
}

void scroll_show(Ui *ui, uint32_t id, Rect rect) {
    if (id == 0) return;
    Scroll *scroll = scroll_find(ui, id);
    Rect view = scroll->viewport;
    if (rect.y < view.y)
        scroll->offset = within(scroll, scroll->offset - (view.y - rect.y) - HALF);
    else if (rect_bottom(rect) > rect_bottom(view))
        scroll->offset = within(scroll, scroll->offset + rect_bottom(rect) - rect_bottom(view) + HALF);
}
