#include "kiosk/ui/keyboard.h"

#include "common/base/utf8.h"
#include "kiosk/ui/inside.h"

#include <stdlib.h>
#include <string.h>

enum {
    KEY_H = 104,
    KEY_GAP_X = 14,
    KEY_GAP_Y = 18,
    ROWS = 4,
    HALF_COLUMNS = 20,
    CODE_COLUMNS = 6,
    NARROW_BOARD_W = 1200,
    CHOICE_W = 124,
    CHOICE_H = 104,
    STRIP_PAD = 12
};

typedef enum KeyKind { KEY_LETTER, KEY_SHIFT, KEY_ERASE, KEY_PAGE, KEY_SPACE, KEY_DONE } KeyKind;

typedef struct Key {
    KeyKind kind;
    const char *small, *capital; /* what it types */
    int row, from, width;        /* in half columns */
} Key;

#define LETTER(row, from, small, capital)                                                                    \
    { KEY_LETTER, small, capital, row, from, 2 }
#define SIGN(row, from, sign)                                                                                \
    { KEY_LETTER, sign, sign, row, from, 2 }

static const Key letter_keys[] = {
    LETTER(0, 0, "a", "A"),
    LETTER(0, 2, "z", "Z"),
    LETTER(0, 4, "e", "E"),
    LETTER(0, 6, "r", "R"),
    LETTER(0, 8, "t", "T"),
    LETTER(0, 10, "y", "Y"),
    LETTER(0, 12, "u", "U"),
    LETTER(0, 14, "i", "I"),
    LETTER(0, 16, "o", "O"),
    LETTER(0, 18, "p", "P"),
    LETTER(1, 0, "q", "Q"),
    LETTER(1, 2, "s", "S"),
    LETTER(1, 4, "d", "D"),
    LETTER(1, 6, "f", "F"),
    LETTER(1, 8, "g", "G"),
    LETTER(1, 10, "h", "H"),
    LETTER(1, 12, "j", "J"),
    LETTER(1, 14, "k", "K"),
    LETTER(1, 16, "l", "L"),
    LETTER(1, 18, "m", "M"),
    {KEY_SHIFT, "", "", 2, 0, 3},
    LETTER(2, 3, "w", "W"),
    LETTER(2, 5, "x", "X"),
    LETTER(2, 7, "c", "C"),
    LETTER(2, 9, "v", "V"),
    LETTER(2, 11, "b", "B"),
    LETTER(2, 13, "n", "N"),
    SIGN(2, 15, "’"),
    {KEY_ERASE, "", "", 2, 17, 3},
    {KEY_PAGE, "", "", 3, 0, 2},
    LETTER(3, 2, "é", "É"),
    LETTER(3, 4, "è", "È"),
    LETTER(3, 6, "à", "À"),
    {KEY_SPACE, " ", " ", 3, 8, 6},
    SIGN(3, 14, "-"),
    {KEY_DONE, "", "", 3, 16, 4},
};

/* Where keys are narrow (portrait), the words of the function keys need the room of two letters. */
#define NARROW_LAST_ROW(second, third, fourth)                                                               \
    {KEY_PAGE, "", "", 3, 0, 2}, second, third, fourth, {KEY_SPACE, " ", " ", 3, 8, 4}, SIGN(3, 12, "-"), {  \
        KEY_DONE, "", "", 3, 14, 6                                                                           \
    }

static const Key narrow_letter_rows[] = {
    {KEY_SHIFT, "", "", 2, 0, 4},
    LETTER(2, 4, "w", "W"),
    LETTER(2, 6, "x", "X"),
    LETTER(2, 8, "c", "C"),
    LETTER(2, 10, "v", "V"),
    LETTER(2, 12, "b", "B"),
    LETTER(2, 14, "n", "N"),
    {KEY_ERASE, "", "", 2, 16, 4},
    NARROW_LAST_ROW(LETTER(3, 2, "é", "É"), LETTER(3, 4, "è", "È"), SIGN(3, 6, "’")),
};

static const Key narrow_sign_rows[] = {
    SIGN(2, 0, "."),
    SIGN(2, 2, ","),
    SIGN(2, 4, ";"),
    SIGN(2, 6, ":"),
    SIGN(2, 8, "!"),
    SIGN(2, 10, "?"),
    SIGN(2, 12, "’"),
    SIGN(2, 14, "_"),
    {KEY_ERASE, "", "", 2, 16, 4},
    NARROW_LAST_ROW(SIGN(3, 2, "«"), SIGN(3, 4, "»"), SIGN(3, 6, "\"")),
};

static const Key sign_keys[] = {
    SIGN(0, 0, "1"),
    SIGN(0, 2, "2"),
    SIGN(0, 4, "3"),
    SIGN(0, 6, "4"),
    SIGN(0, 8, "5"),
    SIGN(0, 10, "6"),
    SIGN(0, 12, "7"),
    SIGN(0, 14, "8"),
    SIGN(0, 16, "9"),
    SIGN(0, 18, "0"),
    SIGN(1, 0, "@"),
    SIGN(1, 2, "#"),
    SIGN(1, 4, "€"),
    SIGN(1, 6, "%"),
    SIGN(1, 8, "&"),
    SIGN(1, 10, "+"),
    SIGN(1, 12, "="),
    SIGN(1, 14, "/"),
    SIGN(1, 16, "("),
    SIGN(1, 18, ")"),
    {KEY_LETTER, "_", "_", 2, 0, 3},
    SIGN(2, 3, "."),
    SIGN(2, 5, ","),
    SIGN(2, 7, ";"),
    SIGN(2, 9, ":"),
    SIGN(2, 11, "!"),
    SIGN(2, 13, "?"),
    SIGN(2, 15, "’"),
    {KEY_ERASE, "", "", 2, 17, 3},
    {KEY_PAGE, "", "", 3, 0, 2},
    SIGN(3, 2, "«"),
    SIGN(3, 4, "»"),
    SIGN(3, 6, "\""),
    {KEY_SPACE, " ", " ", 3, 8, 6},
    SIGN(3, 14, "-"),
    {KEY_DONE, "", "", 3, 16, 4},
};

/* What a long press offers, separated by spaces. */
static const struct {
    const char *key, *choices;
} accents[] = {
    {"a", "à â ä æ á"}, {"A", "À Â Ä Æ Á"}, {"e", "é è ê ë"},  {"E", "É È Ê Ë"}, {"i", "î ï í"},
    {"I", "Î Ï Í"},     {"o", "ô ö œ ó"},   {"O", "Ô Ö Œ Ó"},  {"u", "ù û ü ú"}, {"U", "Ù Û Ü Ú"},
    {"c", "ç"},         {"C", "Ç"},         {"y", "ÿ"},        {"Y", "Ÿ"},       {"n", "ñ"},
    {"N", "Ñ"},         {"-", "– — _"},     {"’", "' \" « »"}, {"0", "°"},       {"1", "¹ ᵉʳ"},
    {"2", "² ᵉ"},       {"3", "³"},
};

static Str accents_of(const char *text) {
    for (size_t i = 0; i < COUNT(accents); i++)
        if (strcmp(accents[i].key, text) == 0) return str_of(accents[i].choices);
    return (Str){0};
}

/* One keyboard being drawn. */
typedef struct Board {
    Ui *ui;
    Rect rect;
    const Keyboard *spec;
    KeyboardState *state;
    int columns; /* half columns across */
    bool narrow;
    bool capital;
    KeyboardTouched touched;
    const Key *strip_of; /* the key whose accents are open */
    Rect strip_face;
} Board;

bool ui_keyboard_captures(const Ui *ui) {
    return ui->inside->keyboard.strip_key != 0;
}

/* ---- the text ---- */

static void type_text(Board *board, Str added) {
    Str text = ui_field_text(board->ui, board->spec->field);
    size_t most = board->spec->max_bytes > 0 ? (size_t)board->spec->max_bytes : FIELD_TEXT_MAX;
    board->state->shift = false;
    board->ui->inside->typing = board->ui->inside->again = true;
    if (text.len + added.len > most) return;
    ui_field_set(board->ui, board->spec->field,
                 str_print(board->ui->arena, "%.*s%.*s", STR_FORMAT(text), STR_FORMAT(added)));
    board->touched = KEYBOARD_CHANGED;
}

static void erase_last(Board *board) {
    Str text = str_copy(board->ui->arena, ui_field_text(board->ui, board->spec->field));
    if (!text.len) return;
    size_t len = text.len - 1;
    while (len > 0 && ((unsigned char)text.at[len] & 0xC0) == 0x80) len--;
    ui_field_set(board->ui, board->spec->field, str_first(text, len));
    board->ui->inside->typing = board->ui->inside->again = true;
    board->touched = KEYBOARD_CHANGED;
}

/* Names begin with a capital, each part of them. */
static bool begins_word(Str text) {
    return !text.len || text.at[text.len - 1] == ' ' || text.at[text.len - 1] == '-';
}

/* ---- one key ---- */

static Rect key_face(const Board *board, const Key *key) {
    Rect rect = board->rect;
    int pitch_y = (rect.h - EDGE + KEY_GAP_Y) / ROWS, room = rect.w + KEY_GAP_X;
    int from = room * key->from / board->columns, to = room * (key->from + key->width) / board->columns;
    return rect_make(rect.x + from, rect.y + key->row * pitch_y, to - from - KEY_GAP_X, pitch_y - KEY_GAP_Y);
}

typedef struct KeyLook {
    Str words;
    const char *icon;
    Font font;
    Color face, front, edge;
} KeyLook;

static KeyLook function_key(const Theme *theme, Str words, const char *icon) {
    return (KeyLook){words, icon, FONT_S_BOLD, theme->sunk, theme->ink, theme->edge};
}

static KeyLook key_look(const Board *board, const Key *key) {
    const Theme *theme = &board->ui->theme;
    const UiLabels *labels = &board->ui->labels;
    switch (key->kind) {
    case KEY_SHIFT: {
        KeyLook look = function_key(theme, labels->key_shift, "majuscule");
        if (board->state->shift) look.face = theme->accent_tint;
        return look;
    }
    case KEY_ERASE:
        return function_key(theme, labels->key_erase, "effacer");
    case KEY_PAGE:
        return function_key(theme, board->state->digits ? labels->key_letters : labels->key_digits, NULL);
    case KEY_SPACE:
        return function_key(theme, labels->key_space, NULL);
    case KEY_DONE:
        return (KeyLook){board->spec->done_label, NULL, FONT_S_BOLD, theme->accent, theme->on_accent,
                         theme->accent_dark};
    case KEY_LETTER:
    default:
        return (KeyLook){str_of(board->capital ? key->capital : key->small),
                         NULL,
                         FONT_M,
                         theme->card,
                         theme->ink,
                         theme->edge};
    }
}

/* Where the icon would push the words over the edge of the key, the words stay. */
static void key_words(Ui *ui, Rect face, const KeyLook *look) {
    int width = ui_text_width(ui, look->font, look->words), with_icon = width + ICON + HALF;
    TextLook text = {.font = look->font, .color = look->front, .align = ALIGN_CENTER, .tight = true};
    if (look->icon && with_icon <= face.w - HALF) {
        Rect inside = rect_centered(face, with_icon, face.h), place = rect_cut_left(&inside, ICON + HALF);
        ui_icon(ui, rect_make(place.x, face.y + (face.h - ICON) / 2, ICON, ICON), look->icon, look->front);
        ui_text_middle(ui, rect_make(inside.x, inside.y, inside.w + 2, inside.h), look->words, text);
        return;
    }
    if (look->icon && width > face.w)
        ui_icon(ui, rect_centered(face, ICON, ICON), look->icon, look->front);
    else
        ui_text_middle(ui, face, look->words, text);
}

static void draw_key(Board *board, Rect face, const KeyLook *look, Touched touched) {
    Ui *ui = board->ui;
    const Theme *theme = &ui->theme;
    if (touched.pressed) face.y += EDGE;
    ui_add(ui, (Item){.type = ITEM_BOX,
                      .rect = face,
                      .color = touched.pressed && look->face == theme->card ? theme->accent_tint : look->face,
                      .edge = touched.pressed ? COLOR_NONE : look->edge,
                      .border = theme->card_border,
                      .stroke = theme->card_border == COLOR_NONE ? 0 : BORDER,
                      .radius = RADIUS_KEY});
    if (touched.focused) ui_focus_ring(ui, face, RADIUS_KEY);
    key_words(ui, face, look);
}

static void act(Board *board, const Key *key) {
    switch (key->kind) {
    case KEY_SHIFT:
        board->state->shift = !board->state->shift;
        break;
    case KEY_ERASE:
        erase_last(board);
        break;
    case KEY_PAGE:
        board->state->digits = !board->state->digits;
        break;
    case KEY_DONE:
        board->touched = KEYBOARD_DONE;
        break;
    case KEY_SPACE:
    case KEY_LETTER:
    default:
        type_text(board, str_of(board->capital ? key->capital : key->small));
    }
    board->ui->inside->again = true;
}

/* A long press opens the accents of a key. */
static void watch_long_press(Board *board, const Key *key, Rect face, Touched touched) {
    if (touched.id == board->state->strip_key && touched.id != 0) {
        board->strip_of = key;
        board->strip_face = face;
    }
    if (!touched.pressed || key->kind != KEY_LETTER ||
        !accents_of(board->capital ? key->capital : key->small).len)
        return;
    if (!touched.held) {
        ui_wake_at(board->ui, board->ui->inside->finger.down_ms + LONG_PRESS_MS);
        return;
    }
    board->state->strip_key = touched.id;
    board->state->strip_choice = 0;
    board->strip_of = key;
    board->strip_face = face;
}

/* Where the row ends when there is no « Continuer ». */
static int last_before_done(const Board *board) {
    return board->narrow ? 14 : 16;
}

/* The space gives « Continuer » half a key where its word needs it. */
static bool done_is_tight(const Board *board) {
    if (board->spec->kind != KEYBOARD_TEXT || board->narrow) return false;
    int done_w = (board->rect.w + KEY_GAP_X) * (HALF_COLUMNS - last_before_done(board)) / HALF_COLUMNS;
    return ui_text_width(board->ui, FONT_S_BOLD, board->spec->done_label) > done_w - KEY_GAP_X - HALF;
}

static void make_room_for_done(const Board *board, Key *shown) {
    if (shown->row != 3 || !done_is_tight(board)) return;
    if (shown->kind == KEY_SPACE) shown->width--;
    if (shown->kind == KEY_DONE) shown->width++;
    if (shown->kind != KEY_SPACE && shown->from > 8) shown->from--;
}

static void one_key(Board *board, const Key *key) {
    Key shown = *key;
    bool has_done = board->spec->done_label.len > 0;
    if (key->kind == KEY_DONE && !has_done) return;
    bool wider = board->spec->kind == KEYBOARD_TEXT && key->row == 3 &&
                 !has_done; /* the space takes the room of « Continuer » */
    int freed = HALF_COLUMNS - last_before_done(board);
    if (wider && key->kind == KEY_SPACE) shown.width += freed;
    if (wider && key->from > 8) shown.from += freed;
    if (has_done) make_room_for_done(board, &shown);
    Rect face = key_face(board, &shown), reach = {face.x, face.y, face.w, face.h + EDGE};
    KeyLook look = key_look(board, key);
    bool off = key->kind == KEY_DONE && board->spec->done_off;
    if (off)
        look = (KeyLook){look.words, NULL, FONT_S_BOLD, board->ui->theme.sunk, board->ui->theme.ink2,
                         COLOR_NONE};
    Str id_key = key->kind == KEY_LETTER ? str_of(key->small) : look.words;
    Touched touched = ui_target(
        board->ui, reach, (Target){.label = look.words, .key = id_key, .role = ROLE_KEY, .disabled = off});
    draw_key(board, face, &look, touched);
    if (touched.activated) act(board, key);
    watch_long_press(board, key, face, touched);
}

/* ---- the strip of accents ---- */

static int count_choices(Str choices) {
    int count = 0;
    for (Str rest = choices, part; str_cut(&rest, ' ', &part);) count++;
    return count;
}

static Rect strip_rect(const Board *board, int count) {
    int w = count * CHOICE_W + 2 * STRIP_PAD, h = CHOICE_H + 2 * STRIP_PAD;
    int x = board->strip_face.x + (board->strip_face.w - w) / 2, most = board->ui->screen.w - w - 8;
    if (x > most) x = most;
    return rect_make(x < 8 ? 8 : x, board->strip_face.y - h - 12, w, h);
}

/* The choice under the finger; the first until it has moved. Far below the key: none. */
static int choice_under(const Board *board, Rect strip, int count) {
    const Finger *finger = &board->ui->inside->finger;
    if (abs(finger->x - finger->down_x) < SLOP && abs(finger->y - finger->down_y) < SLOP)
        return board->state->strip_choice;
    if (finger->y > rect_bottom(board->strip_face) + KEY_H) return -1;
    int index = (finger->x - strip.x - STRIP_PAD) / CHOICE_W;
    return index < 0 ? 0 : index >= count ? count - 1 : index;
}

static void draw_choice(Board *board, Rect cell, Str choice, bool chosen) {
    const Theme *theme = &board->ui->theme;
    if (chosen) ui_box(board->ui, cell, theme->signal, 10, COLOR_NONE, 0);
    Color color = chosen ? theme->on_signal : theme->on_bar;
    ui_text_middle(board->ui, cell, choice,
                   (TextLook){.font = FONT_M, .color = color, .align = ALIGN_CENTER, .tight = true});
}

static void strip(Board *board) {
    Ui *ui = board->ui;
    Str choices = accents_of(board->capital ? board->strip_of->capital : board->strip_of->small), choice;
    int count = count_choices(choices), index = 0;
    Rect rect = strip_rect(board, count), inside = rect_inset(rect, STRIP_PAD);
    board->state->strip_choice = choice_under(board, rect, count);
    ui_box(ui, rect, ui->theme.bar, RADIUS, ui->theme.bar_line, BORDER);
    bool release = ui->input.type == INPUT_UP;
    for (Str rest = choices; str_cut(&rest, ' ', &choice); index++) {
        bool chosen = index == board->state->strip_choice;
        draw_choice(board, rect_column(inside, count, index, 0), choice, chosen);
        if (chosen && release) type_text(board, choice);
    }
    if (release) {
        board->state->strip_key = 0;
        ui->inside->again = true;
    }
}

/* ---- boards ---- */

static void draw_rows(Board *board, const Key *keys, size_t count, int first_row, int last_row) {
    for (size_t i = 0; i < count; i++)
        if (keys[i].row >= first_row && keys[i].row <= last_row) one_key(board, &keys[i]);
}

static void text_board(Board *board) {
    bool digits = board->state->digits, narrow = board->narrow;
    if (digits)
        draw_rows(board, sign_keys, COUNT(sign_keys), 0, narrow ? 1 : 3);
    else
        draw_rows(board, letter_keys, COUNT(letter_keys), 0, narrow ? 1 : 3);
    if (narrow && digits) draw_rows(board, narrow_sign_rows, COUNT(narrow_sign_rows), 2, 3);
    if (narrow && !digits) draw_rows(board, narrow_letter_rows, COUNT(narrow_letter_rows), 2, 3);
    if (board->strip_of) strip(board);
}

static const Key code_keys[] = {
    SIGN(0, 0, "1"), SIGN(0, 2, "2"),
    SIGN(0, 4, "3"), SIGN(1, 0, "4"),
    SIGN(1, 2, "5"), SIGN(1, 4, "6"),
    SIGN(2, 0, "7"), SIGN(2, 2, "8"),
    SIGN(2, 4, "9"), {KEY_ERASE, "", "", 3, 0, 2},
    SIGN(3, 2, "0"), {KEY_DONE, "", "", 3, 4, 2},
};

static void code_board(Board *board) {
    board->columns = CODE_COLUMNS;
    for (size_t i = 0; i < COUNT(code_keys); i++) one_key(board, &code_keys[i]);
}

static void typed_by_robot(Board *board) {
    const Input *input = &board->ui->input;
    if (input->type == INPUT_TEXT) type_text(board, str_of(input->text));
    if (input->type == INPUT_ERASE) erase_last(board);
}

int ui_keyboard_height(const Ui *ui, KeyboardKind kind) {
    (void)kind;
    int key_h = ui->screen.layout == LAYOUT_SMALL ? BUTTON_SMALL_H - 4 : KEY_H;
    return ROWS * (key_h + KEY_GAP_Y) - KEY_GAP_Y + EDGE;
}

KeyboardTouched ui_keyboard(Ui *ui, Rect rect, Keyboard keyboard) {
    KeyboardState *state = &ui->inside->keyboard;
    uint32_t id = ui_hash_id(1, keyboard.field);
    if (state->id != id) *state = (KeyboardState){.id = id};
    Board board = {.ui = ui,
                   .rect = rect,
                   .spec = &keyboard,
                   .state = state,
                   .columns = HALF_COLUMNS,
                   .narrow = rect.w < NARROW_BOARD_W};
    board.capital = state->shift || (keyboard.capitals && begins_word(ui_field_text(ui, keyboard.field)));
    ui_push_key(ui, STR("keyboard"));
    typed_by_robot(&board);
    if (keyboard.kind == KEYBOARD_CODE)
        code_board(&board);
    else
        text_board(&board);
    ui_pop_key(ui);
    return board.touched;
}
