/* The night: black, and at most a small clock that stands somewhere else each minute. */
#include "kiosk/screens/parts.h"

#define BLACK COLOR(0x000000)
#define DIM COLOR(0x6A7076)

enum { PLACES_X = 7, PLACES_Y = 5, STRIDE = 13 /* prime to both: every place in turn */ };

static Action draw(const Stage *stage, void *state, const void *data) {
    (void)state, (void)data;
    Ui *ui = stage->ui;
    Rect page = ui_page(ui);
    ui_fill(ui, page, BLACK);
    if (stage->glass->night_black) return action_none();
    Str clock = say_clock(&stage->say, stage->now);
    int w = ui_text_width(ui, FONT_L, clock), h = ui->theme.font[FONT_L].line;
    int64_t minute = stage->now / MINUTE_MS * STRIDE;
    Rect room = rect_inset(page, 64);
    int x = room.x + (int)(minute % PLACES_X) * (room.w - w) / (PLACES_X - 1);
    int y = room.y + (int)(minute % PLACES_Y) * (room.h - h) / (PLACES_Y - 1);
    ui_text(ui, rect_make(x, y, w, h), clock, (TextLook){.font = FONT_L, .color = DIM});
    return action_none();
}

const ScreenKind screen_night = {.name = "night", .bare = true, .whole = true, .draw = draw};
