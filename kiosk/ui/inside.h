/* What a Ui keeps between frames. Of this folder only. */
#pragma once

#include "kiosk/ui/keyboard.h"
#include "kiosk/ui/qr.h"

enum {
    KEYS_MAX = 16,
    CLIPS_MAX = 16,
    FOCUS_MAX = 512,
    SCROLLS_MAX = 24,
    SEEN_SLOTS = 2048, /* a power of two, well above the targets of a frame */
    TRAIL_MAX = 8
};

typedef struct Focusable {
    uint32_t id, scroll_id;
    Rect rect;
} Focusable;

typedef struct Seen {
    uint32_t id;
    uint64_t frame;
} Seen;

typedef struct Scroll {
    uint32_t id;
    double offset;   /* units above the viewport */
    double start;    /* where drag or glide began */
    double velocity; /* units a millisecond at glide_ms */
    double target;   /* of a page turn */
    Millis glide_ms; /* 0: it stands */
    bool turning;    /* gliding to target, instead of running out */
    int content_h, view_h;
    int step;   /* of a page turn; 0: the view less an overlap */
    int rows_h; /* of the whole rows that fit; 0: not of rows */
    Rect viewport;
    Millis used_ms;
} Scroll;

/* What rows of a long list were measured to be; rows behind LIST_ROWS_MAX are only guessed. */
enum { LISTS_MAX = 4, LIST_ROWS_MAX = 1000 };

typedef struct RowHeights {
    uint32_t id; /* of the scroll area */
    int count, width, font_size;
    int known_count, known_total;
    uint16_t at[LIST_ROWS_MAX]; /* 0 = not yet */
} RowHeights;

typedef struct TrailPoint {
    Millis at_ms;
    int y;
} TrailPoint;

typedef struct Finger {
    bool down, dragging, swallowed;
    int x, y, down_x, down_y;
    Millis down_ms;
    uint32_t pressed;   /* the target it is on, 0 none */
    uint32_t scroll_id; /* the area it went down in, 0 none */
    TrailPoint trail[TRAIL_MAX];
    int trail_count;
} Finger;

typedef struct FieldState {
    uint32_t id;
    size_t len;
    char text[FIELD_TEXT_MAX + 8];
} FieldState;

typedef struct KeyboardState {
    uint32_t id;
    bool shift, digits;
    uint32_t strip_key; /* the key whose accents are open, 0 none */
    int strip_choice;
} KeyboardState;

typedef struct QrCached {
    uint64_t hash;
    QrSymbol symbol;
    bool fits;
} QrCached;

enum { QR_CACHED = 4 };

struct UiInside {
    Arena *frame;
    DisplayList list;
    uint64_t frame_number;

    uint32_t keys[KEYS_MAX];
    int key_count;
    Rect clips[CLIPS_MAX];
    int clip_count;
    uint32_t scroll_now; /* the area being drawn in */
    bool in_bars;        /* what is drawn stands still while the content slides */

    Seen seen[SEEN_SLOTS];
    Finger finger;
    bool pressed_seen, focus_seen;

    uint32_t focus;
    bool focus_shown; /* only once the keypad was used */
    Focusable focusables[FOCUS_MAX];
    int focusable_count;

    Scroll scrolls[SCROLLS_MAX];
    RowHeights lists[LISTS_MAX];
    int list_next;
    FieldState fields[FIELDS_MAX];
    KeyboardState keyboard;

    bool session, again, typing;
    Millis wake_ms;

    int slide_side;
    Millis slide_ms;
    uint32_t dialog_id;
    Millis dialog_ms;
    bool dialog_seen;

    Arena *qr_arena;
    QrCached qr[QR_CACHED];
    int qr_next;
};

void ui_add(Ui *ui, Item item); /* with the clip of now, shifted while sliding */
uint32_t ui_hash_id(uint32_t seed, Str key);

Scroll *scroll_find(Ui *ui, uint32_t id);
void scroll_input(Ui *ui);                        /* before anything is drawn: drags and glides */
void scroll_show(Ui *ui, uint32_t id, Rect rect); /* brings what has the focus into sight */
bool ui_keyboard_captures(const Ui *ui);
const QrCached *ui_qr(Ui *ui, Str content); /* encoded once, the last QR_CACHED are kept */
