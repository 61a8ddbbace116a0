#include "kiosk/ui/inside.h"

#include "common/base/memory.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SLIDE_U = 160 }; /* how far from its place content comes in */

Ui *ui_open(Screen screen, TextMeasure measure) {
    Ui *ui = memory_get(sizeof *ui);
    ui->inside = memory_get(sizeof *ui->inside);
    ui->inside->frame = arena_open();
    ui->inside->qr_arena = arena_open();
    ui->screen = screen;
    ui->measure = measure;
    ui->theme = theme_make((ThemeChoice){0});
    ui->arena = ui->inside->frame;
    ui->list = &ui->inside->list;
    display_list_begin(ui->list, ui->arena, ui->theme.stone);
    return ui;
}

void ui_close(Ui *ui) {
    if (!ui) return;
    ui_forget(ui);
    arena_close(ui->inside->frame);
    arena_close(ui->inside->qr_arena);
    free(ui->inside);
    free(ui);
}

void ui_set_theme(Ui *ui, ThemeChoice choice) {
    ui->theme = theme_make(choice);
}

void ui_set_screen(Ui *ui, Screen screen) {
    ui->screen = screen;
}

void ui_set_labels(Ui *ui, UiLabels labels) {
    ui->labels = labels;
}

void ui_set_session(Ui *ui, bool open) {
    ui->inside->session = open;
}

/* ---- a frame ---- */

static void note_finger(Finger *finger, const Input *input, Millis now_ms) {
    finger->x = input->x;
    finger->y = input->y;
    if (finger->trail_count == TRAIL_MAX)
        memmove(finger->trail, finger->trail + 1, sizeof *finger->trail * (size_t)--finger->trail_count);
    finger->trail[finger->trail_count++] = (TrailPoint){now_ms, input->y};
}

static void begin_finger(Ui *ui, const Input *input) {
    Finger *finger = &ui->inside->finger;
    if (input->type == INPUT_DOWN) {
        *finger = (Finger){.down = true, .down_x = input->x, .down_y = input->y, .down_ms = ui->now_ms};
        ui->inside->focus_shown = false;
        ui->inside->focus = 0;
    }
    bool at_place = input->type == INPUT_DOWN || input->type == INPUT_MOVE || input->type == INPUT_UP;
    if (at_place && finger->down) note_finger(finger, input, ui->now_ms);
    if (input->type == INPUT_CANCEL) *finger = (Finger){0};
    if (!finger->down) ui->inside->keyboard.strip_key = 0;
}

static void begin_lists(Ui *ui) {
    UiInside *in = ui->inside;
    arena_reset(in->frame);
    display_list_begin(ui->list, in->frame, ui->theme.stone);
    in->frame_number++;
    in->key_count = 0;
    in->clip_count = 0;
    in->focusable_count = 0;
    in->scroll_now = 0;
    in->wake_ms = 0;
    in->again = in->in_bars = in->pressed_seen = in->focus_seen = in->dialog_seen = in->typing = false;
}

void ui_begin(Ui *ui, const Input *input, Millis now_ms) {
    ui->now_ms = now_ms;
    ui->input = *input;
    begin_lists(ui);
    begin_finger(ui, input);
    scroll_input(ui);
}

/* The finger has gone, or what was under it. */
static void end_finger(Ui *ui) {
    UiInside *in = ui->inside;
    if (in->finger.pressed && !in->pressed_seen) in->finger.pressed = 0;
    if (ui->input.type == INPUT_UP) in->finger = (Finger){0};
}

static int focused_index(const UiInside *in) {
    for (int i = 0; i < in->focusable_count; i++)
        if (in->focusables[i].id == in->focus) return i;
    return -1;
}

static void move_focus(Ui *ui, int by) {
    UiInside *in = ui->inside;
    if (in->focusable_count == 0) return;
    int at = focused_index(in), count = in->focusable_count;
    int next = at < 0 ? (by > 0 ? 0 : count - 1) : (at + by + count) % count;
    in->focus = in->focusables[next].id;
    in->focus_shown = in->again = true;
    scroll_show(ui, in->focusables[next].scroll_id, in->focusables[next].rect);
}

UiResult ui_end(Ui *ui) {
    UiInside *in = ui->inside;
    assert(in->key_count == 0 && in->clip_count == 0 && "each push has its pop");
    if (ui->input.type == INPUT_NEXT) move_focus(ui, 1);
    if (ui->input.type == INPUT_PREVIOUS) move_focus(ui, -1);
    end_finger(ui);
    if (!in->dialog_seen) in->dialog_id = 0;
    return (UiResult){
        .again = in->again, .wake_ms = in->wake_ms, .finger_down = in->finger.down, .typing = in->typing};
}

void ui_wake_at(Ui *ui, Millis when_ms) {
    UiInside *in = ui->inside;
    if (in->wake_ms == 0 || when_ms < in->wake_ms) in->wake_ms = when_ms;
}

void ui_leave_screen(Ui *ui) {
    UiInside *in = ui->inside;
    bool down = in->finger.down;
    in->finger = (Finger){.down = down, .swallowed = down};
    in->focus = 0;
    in->keyboard = (KeyboardState){0};
}

void ui_forget(Ui *ui) {
    UiInside *in = ui->inside;
    ui_leave_screen(ui);
    explicit_bzero(in->fields, sizeof in->fields);
    memset(in->scrolls, 0, sizeof in->scrolls);
    memset(in->lists, 0, sizeof in->lists);
    memset(in->qr, 0, sizeof in->qr);
    arena_reset(in->qr_arena);
    in->focus_shown = false;
}

/* ---- names ---- */

uint32_t ui_hash_id(uint32_t seed, Str key) {
    uint32_t hash = seed ^ 0x811C9DC5u;
    for (size_t i = 0; i < key.len; i++) hash = (hash ^ (unsigned char)key.at[i]) * 0x01000193u;
    return hash ? hash : 1;
}

uint32_t ui_id(const Ui *ui, Str key) {
    const UiInside *in = ui->inside;
    return ui_hash_id(in->key_count ? in->keys[in->key_count - 1] : 0, key);
}

void ui_push_key(Ui *ui, Str key) {
    UiInside *in = ui->inside;
    assert(in->key_count < KEYS_MAX);
    uint32_t id = ui_id(ui, key) * 31;
    in->keys[in->key_count++] = id;
}

void ui_pop_key(Ui *ui) {
    assert(ui->inside->key_count > 0);
    ui->inside->key_count--;
}

/* True the first time an id is met in this frame. */
static bool first_seen(UiInside *in, uint32_t id) {
    for (uint32_t i = 0; i < SEEN_SLOTS; i++) {
        Seen *slot = &in->seen[(id + i) & (SEEN_SLOTS - 1)];
        if (slot->frame == in->frame_number && slot->id == id) return false;
        if (slot->frame == in->frame_number) continue;
        *slot = (Seen){id, in->frame_number};
        return true;
    }
    return true;
}

/* Two of one name on a screen: the second gets its own id, the same one in each frame. */
static uint32_t own_id(Ui *ui, Str key) {
    uint32_t id = ui_id(ui, key);
    while (!first_seen(ui->inside, id)) id = id * 0x01000193u + 1;
    return id;
}

/* ---- clips ---- */

static Rect clip_now(const Ui *ui) {
    const UiInside *in = ui->inside;
    return in->clip_count ? in->clips[in->clip_count - 1] : ui_page(ui);
}

void ui_push_clip(Ui *ui, Rect rect) {
    UiInside *in = ui->inside;
    assert(in->clip_count < CLIPS_MAX);
    Rect clip = rect_intersect(clip_now(ui), rect);
    in->clips[in->clip_count++] = clip;
}

void ui_pop_clip(Ui *ui) {
    assert(ui->inside->clip_count > 0);
    ui->inside->clip_count--;
}

bool ui_sees(const Ui *ui, Rect rect) {
    return rect_overlap(clip_now(ui), rect);
}

/* ---- sliding in ---- */

void ui_slide(Ui *ui, int side) {
    if (ui->theme.choice.calm) return;
    ui->inside->slide_side = side;
    ui->inside->slide_ms = ui->now_ms;
}

static int slide_shift(Ui *ui) {
    UiInside *in = ui->inside;
    if (in->slide_side == 0 || in->in_bars) return 0;
    double part = (double)(ui->now_ms - in->slide_ms) / SLIDE_MS;
    if (part >= 1) {
        in->slide_side = 0;
        return 0;
    }
    ui_wake_at(ui, ui->now_ms + 16);
    return (int)lround(in->slide_side * SLIDE_U * (1 - part) * (1 - part));
}

void ui_add(Ui *ui, Item item) {
    item.clip = clip_now(ui);
    item.rect.x += slide_shift(ui);
    display_list_add(ui->list, item);
}

/* ---- targets ---- */

static bool may_press(const UiInside *in) {
    const Finger *finger = &in->finger;
    return finger->down && !finger->pressed && !finger->dragging && !finger->swallowed;
}

static void touch(Ui *ui, Rect rect, Touched *touched) {
    Finger *finger = &ui->inside->finger;
    if (ui_keyboard_captures(ui)) {
        ui->inside->pressed_seen |= finger->pressed == touched->id;
        return;
    }
    bool here = rect_has(rect, finger->x, finger->y) && rect_has(clip_now(ui), finger->x, finger->y);
    if (ui->input.type == INPUT_DOWN && may_press(ui->inside) && here) finger->pressed = touched->id;
    if (finger->pressed != touched->id) return;
    ui->inside->pressed_seen = true;
    touched->x = finger->x;
    touched->y = finger->y;
    if (!rect_has(rect_inset(rect, -SLOP), finger->x, finger->y)) {
        finger->pressed = 0;
        return;
    }
    touched->activated = ui->input.type == INPUT_UP;
    touched->pressed = !touched->activated;
    touched->held = ui->now_ms - finger->down_ms >= LONG_PRESS_MS;
}

static void note_focusable(Ui *ui, Rect rect, Touched *touched) {
    UiInside *in = ui->inside;
    if (in->focusable_count < FOCUS_MAX)
        in->focusables[in->focusable_count++] = (Focusable){touched->id, in->scroll_now, rect};
    if (in->focus != touched->id) return;
    in->focus_seen = true;
    touched->focused = in->focus_shown;
    if (ui->input.type == INPUT_ACTIVATE && in->focus_shown) touched->activated = true;
}

Touched ui_target(Ui *ui, Rect rect, Target target) {
    Touched touched = {.id = own_id(ui, target.key.at ? target.key : target.label)};
    if (!target.disabled) {
        touch(ui, rect, &touched);
        note_focusable(ui, rect, &touched);
    }
    ui_add(ui, (Item){.type = ITEM_TARGET,
                      .rect = rect,
                      .text = target.label,
                      .role = target.role,
                      .id = touched.id,
                      .on = target.on,
                      .disabled = target.disabled,
                      .focused = touched.focused,
                      .pressed = touched.pressed});
    return touched;
}

void ui_focus_ring(Ui *ui, Rect rect, int radius) {
    const Theme *theme = &ui->theme;
    Item ring = {.type = ITEM_BOX,
                 .rect = rect_inset(rect, -11),
                 .radius = radius + 11,
                 .border = theme->ink,
                 .stroke = 6};
    ui_add(ui, ring);
    ring.rect = rect_inset(rect, -5);
    ring.radius = radius + 5;
    ring.border = theme->signal;
    ring.stroke = 5;
    ui_add(ui, ring);
}

/* ---- regions ---- */

int ui_margin(const Ui *ui) {
    return ui->screen.layout == LAYOUT_WIDE ? MARGIN_WIDE : MARGIN_NARROW;
}

Rect ui_page(const Ui *ui) {
    return rect_make(0, 0, ui->screen.w, ui->screen.h);
}

static int bottom_h(const Ui *ui) {
    if (ui->screen.layout == LAYOUT_SMALL) return BOTTOM_BAR_SMALL_H;
    bool strip = ui->screen.layout == LAYOUT_PORTRAIT && ui->inside->session;
    return BOTTOM_BAR_H + (strip ? SESSION_STRIP_H : 0);
}

Rect ui_content(const Ui *ui) {
    Rect page = ui_page(ui);
    rect_cut_top(&page, TOP_BAR_H);
    rect_cut_bottom(&page, bottom_h(ui));
    return page;
}

Rect ui_body(const Ui *ui) {
    Rect body = rect_inset_xy(ui_content(ui), ui_margin(ui), 0);
    rect_cut_top(&body, HALF);
    rect_cut_bottom(&body, ui->screen.layout == LAYOUT_SMALL ? 20 : GRID);
    return body;
}
