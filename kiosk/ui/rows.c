#include "kiosk/ui/inside.h"

enum {
    ROW_PAD = 32,
    ROW_MIN_H = 112,
    ROW_TWO_H = 148,
    ROW_PAD_Y = 20,
    VOTE_W = 200,
    TICK_BOX = 60,
    TICK_W = 116, /* box with the row's left padding and the gap behind it; all of it is the target */
    ROW_GAP = 24
};

static Rect with_edge(Rect face) {
    return (Rect){face.x, face.y, face.w, face.h + EDGE};
}

static bool has_vote(const ListRow *row) {
    return row->vote_word.len > 0;
}

static int left_width(const ListRow *row) {
    if (has_vote(row)) return VOTE_W + ROW_PAD;
    if (row->tick != TICK_NONE) return TICK_W;
    return ROW_PAD + (row->icon ? ICON + ROW_GAP : 0);
}

static int right_width(const Ui *ui, const ListRow *row) {
    int width = ROW_PAD;
    if (row->icon_right) width += ICON + ROW_GAP;
    if (row->tag.len) width += ui_tag_width(ui, row->tag) + ROW_GAP;
    if (row->note.len) width += ui_text_width(ui, FONT_S, row->note) + ROW_GAP;
    return width;
}

static TextLook title_look(const Ui *ui, const ListRow *row) {
    return (TextLook){.font = row->bold ? FONT_S_BOLD : FONT_S, .color = row->done ? ui->theme.ink2 : 0};
}

static int words_height(Ui *ui, int width, const ListRow *row) {
    int height = ui_text_height(ui, width, row->title, title_look(ui, row));
    return height + ui_text_height(ui, width, row->subtitle, (TextLook){.font = FONT_S});
}

int ui_row_height(Ui *ui, int width, const ListRow *row) {
    int needed = words_height(ui, width - left_width(row) - right_width(ui, row), row) + 2 * ROW_PAD_Y;
    int least = row->subtitle.len || has_vote(row) ? ROW_TWO_H : ROW_MIN_H;
    return needed > least ? needed : least;
}

static bool can_vote(const ListRow *row) {
    return has_vote(row) && !row->vote_disabled;
}

static int vote_words_x(const Ui *ui, const ListRow *row) {
    int room = VOTE_W - 14 - ui_text_width(ui, FONT_S, row->vote_word);
    return room < 96 ? room : 96;
}

/* Beside the arrow, or alone in the middle. */
static void draw_vote_words(Ui *ui, Rect cell, const ListRow *row, Color front) {
    int middle = cell.y + cell.h / 2, size = ui->theme.font[FONT_S].size, x = vote_words_x(ui, row);
    int count_x = cell.x + x, word_x = cell.x + x;
    if (!can_vote(row) && !row->voted) {
        count_x = cell.x + (cell.w - ui_text_width(ui, FONT_M_BOLD, row->vote_count)) / 2;
        word_x = cell.x + (cell.w - ui_text_width(ui, FONT_S, row->vote_word)) / 2;
    } else {
        Rect square = rect_make(cell.x + 22, cell.y + (cell.h - 52) / 2, 52, 52);
        ui_icon(ui, square, row->voted ? "coche" : "voter", front);
    }
    ui_label(ui, count_x, middle - 7, row->vote_count, FONT_M_BOLD, front);
    ui_label(ui, word_x, middle + size + 1, row->vote_word, FONT_S, front);
}

static bool draw_vote(Ui *ui, Rect cell, const ListRow *row) {
    const Theme *theme = &ui->theme;
    Target target = {.label = row->tick_spoken.len ? row->tick_spoken : row->vote_word,
                     .role = ROLE_CHECKBOX,
                     .on = row->voted};
    Touched touched = can_vote(row) ? ui_target(ui, cell, target) : (Touched){0};
    Color front = row->voted ? theme->on_accent : theme->accent;
    Color fill = row->voted ? theme->accent : touched.pressed ? theme->sunk : theme->accent_tint;
    ui_add(ui, (Item){.type = ITEM_BOX,
                      .rect = cell,
                      .color = fill,
                      .radius = RADIUS,
                      .corners = CORNERS_LEFT,
                      .border = theme->card_border,
                      .stroke = theme->card_border == COLOR_NONE ? 0 : BORDER});
    draw_vote_words(ui, cell, row, front);
    if (touched.focused) ui_focus_ring(ui, cell, RADIUS);
    return touched.activated;
}

static void tick_box(Ui *ui, Rect box, TickState state) {
    const Theme *theme = &ui->theme;
    bool on = state == TICK_ON;
    if (state == TICK_PROVISIONAL) {
        ui_box(ui, box, theme->signal_tint, 12, theme->signal_dark, 4);
        ui_icon(ui, rect_inset(box, 10), "sablier", theme->signal_dark);
        return;
    }
    ui_box(ui, box, on ? theme->ok : COLOR_NONE, 12, on ? COLOR_NONE : theme->line, 4);
    if (on) ui_icon(ui, rect_inset(box, 8), "coche", theme->on_ok);
}

static bool draw_tick(Ui *ui, Rect face, const ListRow *row) {
    Rect cell = rect_make(face.x, face.y, VOTE_W, face.h);
    Target target = {.label = row->tick_spoken, .role = ROLE_CHECKBOX, .on = row->tick != TICK_OFF};
    Touched touched = ui_target(ui, cell, target);
    Rect box = rect_make(face.x + ROW_PAD, face.y + (face.h - TICK_BOX) / 2, TICK_BOX, TICK_BOX);
    tick_box(ui, touched.pressed ? rect_move(box, 0, EDGE) : box, row->tick);
    if (touched.focused) ui_focus_ring(ui, rect_inset(box, -4), 14);
    return touched.activated;
}

static void draw_right(Ui *ui, Rect *inside, const ListRow *row) {
    int middle = inside->y + inside->h / 2;
    if (row->icon_right) {
        Rect place = rect_cut_right(inside, ICON);
        ui_icon(ui, rect_make(place.x, middle - ICON / 2, ICON, ICON), row->icon_right, 0);
        rect_cut_right(inside, ROW_GAP);
    }
    if (row->tag.len) {
        Rect place = rect_cut_right(inside, ui_tag_width(ui, row->tag));
        ui_tag(ui, place.x, middle - ui_tag_height(ui) / 2, row->tag, row->tag_tone);
        rect_cut_right(inside, ROW_GAP);
    }
    if (row->note.len) {
        Rect place = rect_cut_right(inside, ui_text_width(ui, FONT_S, row->note) + 2);
        ui_text_middle(ui, place, row->note, (TextLook){.color = ui->theme.ink2, .tight = true});
        rect_cut_right(inside, ROW_GAP);
    }
}

static void draw_words(Ui *ui, Rect face, const ListRow *row) {
    Rect inside = face;
    rect_cut_left(&inside, left_width(row));
    rect_cut_right(&inside, ROW_PAD);
    if (row->icon && row->tick == TICK_NONE && !has_vote(row)) {
        Rect place = rect_make(face.x + ROW_PAD, face.y + (face.h - ICON) / 2, ICON, ICON);
        ui_icon(ui, place, row->icon, 0);
    }
    draw_right(ui, &inside, row);
    inside.y += (inside.h - words_height(ui, inside.w, row)) / 2;
    int first = ui_text(ui, inside, row->title, title_look(ui, row));
    ui_text(ui, rect_move(inside, 0, first), row->subtitle, (TextLook){.color = ui->theme.ink2});
}

/* What of the row opens it: all but the tick or the vote. */
static Touched open_target(Ui *ui, Rect face, const ListRow *row) {
    Rect rest = with_edge(face);
    if (can_vote(row) || row->tick != TICK_NONE) rect_cut_left(&rest, VOTE_W);
    if (row->plain) return (Touched){0};
    return ui_target(ui, rest, (Target){.label = row->title, .key = STR("open"), .role = ROLE_BUTTON});
}

RowTouched ui_row(Ui *ui, Rect face, const ListRow *row) {
    if (!ui_sees(ui, with_edge(face))) return ROW_NONE;
    ui_push_key(ui, row->key.at ? row->key : row->title);
    Touched open = open_target(ui, face, row);
    if (row->plain)
        ui_card(ui, face);
    else
        ui_touch_card(ui, face, open.pressed);
    if (open.focused) ui_focus_ring(ui, with_edge(face), RADIUS);
    Rect shown = rect_move(face, 0, open.pressed ? EDGE : 0);
    bool ticked = false;
    if (has_vote(row))
        ticked = draw_vote(ui, rect_make(shown.x, shown.y, VOTE_W, shown.h), row);
    else if (row->tick != TICK_NONE)
        ticked = draw_tick(ui, shown, row);
    draw_words(ui, shown, row);
    ui_pop_key(ui);
    return ticked ? ROW_TICK : open.activated ? ROW_OPEN : ROW_NONE;
}

/* ---- event cards ---- */

enum { CARD_PAD_X = 20, CARD_PAD_Y = 14, STATE_ICON = 36, STATE_GAP = 14 };

typedef struct StateLook {
    const char *icon;
    Color color;
    bool bold;
} StateLook;

static StateLook state_look(const Theme *theme, const EventCard *card) {
    const StateLook looks[] = {
        [EVENT_FREE] = {"chaise", theme->accent, true},
        [EVENT_FULL] = {"croix", theme->bad, true},
        [EVENT_PLAIN] = {NULL, theme->ink2, false},
        [EVENT_PAST] = {NULL, theme->ink2, false},
        [EVENT_CANCELLED] = {"croix", theme->bad, true},
        [EVENT_MINE] = {"coche_cercle", theme->ok, true},
        [EVENT_PROVISIONAL] = {"sablier", theme->signal_dark, true},
    };
    StateLook look = looks[card->state];
    if (card->icon) look.icon = card->icon;
    return look;
}

static int state_indent(StateLook look) {
    return look.icon ? STATE_ICON + STATE_GAP : 0;
}

typedef struct CardLines {
    TextLook plain, bold, state;
    int width, indent;
} CardLines;

static CardLines card_lines(const Ui *ui, int width, const EventCard *card) {
    StateLook look = state_look(&ui->theme, card);
    Color title = card->state == EVENT_PAST ? ui->theme.ink2 : 0;
    return (CardLines){
        .plain = {.font = FONT_S, .color = ui->theme.ink2, .tight = true},
        .bold = {.font = FONT_S_BOLD, .color = title, .tight = true},
        .state = {.font = look.bold ? FONT_S_BOLD : FONT_S, .color = look.color, .tight = true},
        .width = width - 2 * CARD_PAD_X,
        .indent = state_indent(look)};
}

int ui_event_card_height(Ui *ui, int width, const EventCard *card) {
    CardLines lines = card_lines(ui, width, card);
    return 2 * CARD_PAD_Y + ui_text_height(ui, lines.width, card->when, lines.plain) +
           ui_text_height(ui, lines.width, card->title, lines.bold) +
           ui_text_height(ui, lines.width, card->by, lines.plain) +
           ui_text_height(ui, lines.width - lines.indent, card->state_text, lines.state);
}

static void draw_card_lines(Ui *ui, Rect face, const EventCard *card) {
    CardLines lines = card_lines(ui, face.w, card);
    Rect at = rect_inset_xy(face, CARD_PAD_X, CARD_PAD_Y);
    rect_cut_top(&at, ui_text(ui, at, card->when, lines.plain));
    rect_cut_top(&at, ui_text(ui, at, card->title, lines.bold));
    rect_cut_top(&at, ui_text(ui, at, card->by, lines.plain));
    if (!card->state_text.len) return;
    StateLook look = state_look(&ui->theme, card);
    int middle = at.y + ui->theme.font[FONT_S].tight / 2;
    ui_icon(ui, rect_make(at.x, middle - STATE_ICON / 2, STATE_ICON, STATE_ICON), look.icon, look.color);
    rect_cut_left(&at, lines.indent);
    ui_text(ui, at, card->state_text, lines.state);
}

bool ui_event_card(Ui *ui, Rect face, const EventCard *card) {
    if (!ui_sees(ui, with_edge(face))) return false;
    Touched touched = ui_target(ui, with_edge(face), (Target){.label = card->title, .key = card->key});
    if (card->state == EVENT_PAST && !touched.pressed)
        ui_card(ui, face);
    else
        ui_touch_card(ui, face, touched.pressed);
    if (touched.focused) ui_focus_ring(ui, with_edge(face), RADIUS);
    draw_card_lines(ui, rect_move(face, 0, touched.pressed ? EDGE : 0), card);
    return touched.activated;
}

/* ---- today rows ---- */

enum {
    TIMES_W = 290,
    TIMES_GAP = 34,
    TODAY_PAD = 28,
    TODAY_PAD_RIGHT = 24,
    TODAY_H = 96,
    CHEVRON = 36,
    MARK_GAP = 17
};

/* On a small screen the row is closer, and says by its edge alone that it opens. */
typedef struct TodaySet {
    int left, right, above, below, head_h;
    bool chevron;
} TodaySet;

static TodaySet today_set(const Ui *ui) {
    if (ui->screen.layout == LAYOUT_SMALL) return (TodaySet){22, 22, 8, 6, 54, false};
    return (TodaySet){TODAY_PAD, TODAY_PAD_RIGHT + CHEVRON + MARK_GAP, 14, 14, 62, true};
}

static int today_room(const Ui *ui, int width) {
    TodaySet set = today_set(ui);
    return width - set.left - set.right;
}

static int today_right(const Ui *ui, const TodayRow *row) {
    int width = row->places.len ? ui_tag_width(ui, row->places) + MARK_GAP : 0;
    return width + (row->note.len ? ui_text_width(ui, FONT_S, row->note) + 2 + MARK_GAP : 0);
}

/* Times stand in a column of one width, as long as they fit it. */
static int times_w(const Ui *ui, const TodayRow *row) {
    int needed = ui_text_width(ui, FONT_S_BOLD, row->when) + TIMES_GAP;
    return needed > TIMES_W ? needed : TIMES_W;
}

int ui_today_row_height(Ui *ui, int width, const TodayRow *row) {
    TodaySet set = today_set(ui);
    TextLook look = {.font = FONT_S, .tight = !row->two_lines};
    int room = today_room(ui, width);
    if (row->two_lines)
        return set.above + set.head_h + ui_text_height(ui, room, row->title, look) + set.below;
    int height = ui_text_height(ui, room - times_w(ui, row) - today_right(ui, row), row->title, look) + 40;
    return height > TODAY_H ? height : TODAY_H;
}

/* Amber tag and note from the left of `rest`, or from its right; cuts them off. */
static void today_marks(Ui *ui, Rect *rest, const TodayRow *row, bool from_left) {
    Rect (*cut)(Rect *, int) = from_left ? rect_cut_left : rect_cut_right;
    int middle = rest->y + rest->h / 2;
    if (row->places.len) {
        Rect place = cut(rest, ui_tag_width(ui, row->places));
        ui_tag(ui, place.x, middle - ui_tag_height(ui) / 2, row->places, TONE_FULL_SIGNAL);
        cut(rest, MARK_GAP);
    }
    if (row->note.len) {
        Rect place = cut(rest, ui_text_width(ui, FONT_S, row->note) + 2);
        ui_text_middle(ui, place, row->note, (TextLook){.color = ui->theme.ink2, .tight = true});
        cut(rest, MARK_GAP);
    }
}

static void today_two_lines(Ui *ui, Rect inside, const TodayRow *row, TodaySet set) {
    rect_cut_top(&inside, set.above);
    Rect head = rect_cut_top(&inside, set.head_h);
    Rect when = rect_cut_left(&head, ui_text_width(ui, FONT_S_BOLD, row->when) + 24);
    ui_text_middle(ui, when, row->when, (TextLook){.font = FONT_S_BOLD, .tight = true});
    today_marks(ui, &head, row, true);
    ui_text(ui, inside, row->title, (TextLook){.font = FONT_S});
}

static void today_one_line(Ui *ui, Rect inside, const TodayRow *row) {
    Rect when = rect_cut_left(&inside, times_w(ui, row));
    ui_text_middle(ui, when, row->when, (TextLook){.font = FONT_S_BOLD, .tight = true});
    today_marks(ui, &inside, row, false);
    ui_text_middle(ui, inside, row->title, (TextLook){.font = FONT_S, .tight = true});
}

bool ui_today_row(Ui *ui, Rect face, const TodayRow *row) {
    TodaySet set = today_set(ui);
    Touched touched = ui_target(ui, with_edge(face), (Target){.label = row->title, .key = row->key});
    ui_touch_card(ui, face, touched.pressed);
    if (touched.focused) ui_focus_ring(ui, with_edge(face), RADIUS);
    Rect inside = rect_move(face, 0, touched.pressed ? EDGE : 0), right = inside;
    rect_cut_right(&right, TODAY_PAD_RIGHT);
    if (set.chevron)
        ui_icon(ui, rect_centered(rect_cut_right(&right, CHEVRON), CHEVRON, CHEVRON), "chev_droite", 0);
    rect_cut_left(&inside, set.left);
    rect_cut_right(&inside, set.right);
    if (row->two_lines)
        today_two_lines(ui, inside, row, set);
    else
        today_one_line(ui, inside, row);
    return touched.activated;
}
