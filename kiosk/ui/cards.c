#include "kiosk/ui/inside.h"

#include <string.h>

enum { FACT_INDENT = ICON + 24 };

int ui_fact_height(Ui *ui, int width, Str text, bool bold) {
    return ui_text_height(ui, width - FACT_INDENT, text, (TextLook){.font = bold ? FONT_S_BOLD : FONT_S});
}

int ui_fact(Ui *ui, Rect area, const char *icon, Str text, bool bold, Color color) {
    int line = ui->theme.font[FONT_S].line;
    ui_icon(ui, rect_make(area.x, area.y + (line - ICON) / 2, ICON, ICON), icon, color);
    rect_cut_left(&area, FACT_INDENT);
    return ui_text(ui, area, text, (TextLook){.font = bold ? FONT_S_BOLD : FONT_S, .color = color});
}

int ui_figure_height(Ui *ui, int width, Str words) {
    return 2 * HALF + ui->theme.font[FONT_L].line +
           ui_text_height(ui, width - 2 * GRID, words, (TextLook){.font = FONT_S});
}

void ui_figure(Ui *ui, Rect rect, Str figure, Str words) {
    ui_card(ui, rect);
    Rect inside = rect_inset_xy(rect, GRID, HALF);
    rect_cut_top(&inside, ui_text(ui, inside, figure, (TextLook){.font = FONT_L}));
    ui_text(ui, inside, words, (TextLook){.color = ui->theme.ink2});
}

/* ---- nothing there ---- */

enum { EMPTY_ICON = 112, EMPTY_PAD = 64, EMPTY_GAP = 56 };

static int empty_words_w(int width) {
    return width - 2 * EMPTY_PAD - EMPTY_ICON - EMPTY_GAP;
}

int ui_empty_height(Ui *ui, int width, Str title, Str sentence) {
    int height = ui_text_height(ui, empty_words_w(width), title, (TextLook){.font = FONT_M_BOLD});
    height += ui_text_height(ui, empty_words_w(width), sentence, (TextLook){.font = FONT_S});
    return (height > EMPTY_ICON ? height : EMPTY_ICON) + HALF + 2 * 56;
}

void ui_empty(Ui *ui, Rect rect, const char *icon, Str title, Str sentence) {
    ui_card(ui, rect);
    Rect inside = rect_inset_xy(rect, EMPTY_PAD, 0);
    Rect place = rect_cut_left(&inside, EMPTY_ICON);
    ui_icon(ui, rect_centered(place, EMPTY_ICON, EMPTY_ICON), icon, 0);
    rect_cut_left(&inside, EMPTY_GAP);
    int first = ui_text_height(ui, inside.w, title, (TextLook){.font = FONT_M_BOLD}) + HALF;
    int second = ui_text_height(ui, inside.w, sentence, (TextLook){.font = FONT_S});
    inside.y += (inside.h - first - second) / 2;
    ui_text(ui, inside, title, (TextLook){.font = FONT_M_BOLD});
    ui_text(ui, rect_move(inside, 0, first), sentence, (TextLook){.font = FONT_S});
}

/* ---- banners ---- */

typedef struct BannerLook {
    const char *icon;
    Color fill, front, text;
} BannerLook;

static BannerLook banner_look(const Theme *theme, BannerKind kind) {
    switch (kind) {
    case BANNER_PROVISIONAL:
        return (BannerLook){"sablier", theme->signal_tint, theme->signal_dark, theme->ink};
    case BANNER_OFFLINE:
        return (BannerLook){"hors_ligne", theme->signal_tint, theme->signal_dark, theme->ink};
    case BANNER_ERROR:
        return (BannerLook){"alerte", theme->bad_tint, theme->bad, theme->bad};
    case BANNER_INFO:
        return (BannerLook){"info", theme->accent_tint, theme->accent, theme->ink};
    case BANNER_OK:
        return (BannerLook){"coche_cercle", theme->ok_tint, theme->ok, theme->ink};
    case BANNER_STALE:
    default:
        return (BannerLook){"sync", theme->sunk, theme->ink, theme->ink};
    }
}

enum { BANNER_H = 96, BANNER_PAD = 24, BANNER_ICON_X = 32, BANNER_WORDS_X = 108 };

typedef struct BannerSpans {
    Span spans[2];
    size_t count;
} BannerSpans;

static BannerSpans banner_spans(Ui *ui, Str bold, Str text, Color color) {
    BannerSpans out = {0};
    if (bold.len) out.spans[out.count++] = (Span){bold, FONT_S_BOLD, color};
    if (text.len)
        out.spans[out.count++] =
            (Span){bold.len ? str_print(ui->arena, " %.*s", STR_FORMAT(text)) : text, FONT_S, color};
    return out;
}

static int banner_text_h(Ui *ui, int width, Str bold, Str text) {
    BannerSpans spans = banner_spans(ui, bold, text, 0);
    return ui_rich_height(ui, width - BANNER_WORDS_X - BANNER_PAD, spans.spans, spans.count,
                          (TextLook){.font = FONT_S});
}

int ui_banner_height(Ui *ui, int width, Str bold, Str text) {
    int words = banner_text_h(ui, width, bold, text);
    return words > ui->theme.font[FONT_S].line ? words + 2 * BANNER_PAD : BANNER_H;
}

int ui_banner(Ui *ui, Rect area, BannerKind kind, Str bold, Str text) {
    BannerLook look = banner_look(&ui->theme, kind);
    Rect rect = rect_make(area.x, area.y, area.w, ui_banner_height(ui, area.w, bold, text));
    bool outlined = ui->theme.card_border != COLOR_NONE;
    ui_box(ui, rect, look.fill, RADIUS, outlined ? look.front : COLOR_NONE, BORDER);
    int words_h = banner_text_h(ui, area.w, bold, text), top = rect.y + (rect.h - words_h) / 2;
    int line = ui->theme.font[FONT_S].line;
    ui_icon(ui, rect_make(rect.x + BANNER_ICON_X, top + (line - ICON) / 2, ICON, ICON), look.icon,
            look.front);
    Rect words = {rect.x + BANNER_WORDS_X, top, rect.w - BANNER_WORDS_X - BANNER_PAD, words_h};
    BannerSpans spans = banner_spans(ui, bold, text, look.text);
    ui_rich(ui, words, spans.spans, spans.count, (TextLook){.font = FONT_S});
    return rect.h;
}

/* ---- results ---- */

typedef struct ResultLook {
    const char *icon;
    Color fill, front;
} ResultLook;

static ResultLook result_look(const Theme *theme, ResultKind kind) {
    const ResultLook looks[] = {
        [RESULT_CONFIRMED] = {"coche_cercle", theme->ok, theme->on_ok},
        [RESULT_KEPT] = {"sablier", theme->signal, theme->on_signal},
        [RESULT_WAITING] = {"file", theme->accent, theme->on_accent},
        [RESULT_REFUSED] = {"alerte", theme->bad, theme->on_bad},
    };
    return looks[kind];
}

enum {
    RESULT_W = 640,
    RESULT_SMALL_W = 460,
    RESULT_ICON = 240,
    RESULT_ICON_THIN = 16,
    RESULT_BAND_ICON = 160,
    RESULT_GAP = 28
};

static void result_words(Ui *ui, Rect area, Str title, Str sentence, Color color) {
    rect_cut_top(&area, ui_text(ui, area, title, (TextLook){.font = FONT_L, .color = color}) + RESULT_GAP);
    ui_text(ui, area, sentence, (TextLook){.font = FONT_S, .color = color});
}

static Rect result_band(Ui *ui, ResultLook look, Str title, Str sentence) {
    Rect rest = ui_content(ui);
    int margin = ui_margin(ui), words_w = rest.w - 2 * margin - RESULT_BAND_ICON - GRID;
    int words_h = ui_text_height(ui, words_w, title, (TextLook){.font = FONT_L}) + RESULT_GAP +
                  ui_text_height(ui, words_w, sentence, (TextLook){.font = FONT_S});
    int height = (words_h > RESULT_BAND_ICON ? words_h : RESULT_BAND_ICON) + 2 * margin;
    Rect band = rect_cut_top(&rest, height);
    ui_fill(ui, band, look.fill);
    Rect inside = rect_inset(band, margin), place = rect_cut_left(&inside, RESULT_BAND_ICON + GRID);
    ui_icon_thin(ui, rect_make(place.x, place.y, RESULT_BAND_ICON, RESULT_BAND_ICON), look.icon, look.front,
                 RESULT_ICON_THIN);
    result_words(ui, inside, title, sentence, look.front);
    return rest;
}

Rect ui_result_panel(Ui *ui, ResultKind kind, Str title, Str sentence) {
    ResultLook look = result_look(&ui->theme, kind);
    if (ui->screen.layout == LAYOUT_PORTRAIT) return result_band(ui, look, title, sentence);
    bool small = ui->screen.layout == LAYOUT_SMALL;
    Rect rest = ui_content(ui), panel = rect_cut_left(&rest, small ? RESULT_SMALL_W : RESULT_W);
    int margin = ui_margin(ui), side = small ? RESULT_BAND_ICON : RESULT_ICON;
    ui_fill(ui, panel, look.fill);
    Rect words = rect_inset_xy(panel, margin, 0);
    int words_h = ui_text_height(ui, words.w, title, (TextLook){.font = FONT_L}) + RESULT_GAP +
                  ui_text_height(ui, words.w, sentence, (TextLook){.font = FONT_S});
    int top = small ? 40 + side + 30 : 383;
    if (top + words_h > panel.h) { /* the words are what counts */
        rect_cut_top(&words, 40);
        result_words(ui, words, title, sentence, look.front);
        return rest;
    }
    ui_icon_thin(ui, rect_make(panel.x + margin - side / 20, panel.y + (small ? 40 : 72), side, side),
                 look.icon, look.front, RESULT_ICON_THIN);
    rect_cut_top(&words, top);
    result_words(ui, words, title, sentence, look.front);
    return rest;
}

/* ---- QR ---- */

enum { MODULE_U = 5, QUIET_MODULES = 4, MODULE_LEAST_U = 3 };

const QrCached *ui_qr(Ui *ui, Str content) {
    UiInside *in = ui->inside;
    uint64_t hash = str_hash(content);
    for (int i = 0; i < QR_CACHED; i++)
        if (in->qr[i].hash == hash) return &in->qr[i];
    if (in->qr_next == 0) {
        arena_reset(in->qr_arena);
        memset(in->qr, 0, sizeof in->qr);
    }
    QrCached *cached = &in->qr[in->qr_next];
    in->qr_next = (in->qr_next + 1) % QR_CACHED;
    cached->hash = hash;
    cached->fits = qr_encode(in->qr_arena, content, &cached->symbol, NULL) == OK;
    return cached;
}

static int module_size(Rect rect, int count) {
    int room = (rect.w < rect.h ? rect.w : rect.h) / (count + 2 * QUIET_MODULES);
    return room < MODULE_U ? room : MODULE_U;
}

static void qr_symbol(Ui *ui, int x, int y, int side, QrSymbol symbol, int module) {
    if (ui->theme.choice.high_contrast)
        ui_box(ui, rect_inset(rect_make(x, y, side, side), -QUIET_MODULES * module), COLOR(0xFFFFFF), RADIUS,
               COLOR_NONE, 0);
    ui_add(ui, (Item){.type = ITEM_QR,
                      .rect = {x, y, side, side},
                      .color = COLOR(0),
                      .modules = symbol.modules,
                      .modules_count = symbol.count});
}

static int qr_words_h(Ui *ui, int width, QrCard card) {
    return ui_text_height(ui, width, card.title, (TextLook){.font = FONT_S_BOLD}) +
           ui_text_height(ui, width, card.sentence, (TextLook){.font = FONT_S});
}

static void qr_words(Ui *ui, Rect area, QrCard card, Align align) {
    area.y += (area.h - qr_words_h(ui, area.w, card)) / 2;
    rect_cut_top(&area, ui_text(ui, area, card.title, (TextLook){.font = FONT_S_BOLD, .align = align}));
    ui_text(ui, area, card.sentence, (TextLook){.color = ui->theme.ink2, .align = align});
}

static void qr_beside(Ui *ui, Rect rect, QrCard card, QrSymbol symbol, int module) {
    int side = symbol.count * module, quiet = QUIET_MODULES * module + HALF;
    qr_symbol(ui, rect.x + quiet, rect.y + (rect.h - side) / 2, side, symbol, module);
    rect_cut_left(&rect, quiet + side + quiet);
    qr_words(ui, rect_inset_xy(rect, HALF, 0), card, ALIGN_LEFT);
}

/* Says less where the card has no room for it. */
static void qr_above(Ui *ui, Rect rect, QrCard card, QrSymbol symbol, int module) {
    int side = symbol.count * module, room = rect.h - side - QUIET_MODULES * module - GRID - QUARTER;
    if (qr_words_h(ui, rect.w - 2 * GRID, card) > room) card.sentence = (Str){0};
    if (qr_words_h(ui, rect.w - 2 * GRID, card) > room) card.title = (Str){0};
    int words_h = qr_words_h(ui, rect.w - 2 * GRID, card);
    int top = rect.y + (rect.h - side - words_h - (words_h ? GRID : 0)) / 2;
    if (top < rect.y + QUIET_MODULES * module) top = rect.y + QUIET_MODULES * module;
    qr_symbol(ui, rect.x + (rect.w - side) / 2, top, side, symbol, module);
    Rect words = {rect.x + GRID, top + side + GRID, rect.w - 2 * GRID, words_h};
    qr_words(ui, words, card, ALIGN_CENTER);
}

bool ui_qr_card(Ui *ui, Rect rect, QrCard card) {
    const QrCached *cached = ui_qr(ui, card.content);
    if (!cached->fits) return false;
    int module = module_size(rect, cached->symbol.count);
    if (module < MODULE_LEAST_U) return false;
    ui_card(ui, rect);
    int beside = rect.w - (cached->symbol.count + 2 * QUIET_MODULES) * module - 2 * GRID;
    int widest = ui_widest_word(ui, FONT_S_BOLD, card.title);
    bool fits = beside >= widest && beside >= 180 && qr_words_h(ui, beside - GRID, card) <= rect.h;
    if (fits)
        qr_beside(ui, rect, card, cached->symbol, module);
    else
        qr_above(ui, rect, card, cached->symbol, module);
    return true;
}

/* ---- pictures ---- */

int ui_picture(Ui *ui, Rect rect, Picture picture) {
    ui_add(ui, (Item){.type = ITEM_IMAGE,
                      .rect = rect,
                      .text = picture.name,
                      .fit = picture.fit,
                      .radius = picture.radius});
    if (ui->theme.card_border != COLOR_NONE)
        ui_box(ui, rect, COLOR_NONE, picture.radius, ui->theme.card_border, BORDER);
    if (!picture.caption.len) return rect.h;
    Rect below = {rect.x, rect_bottom(rect) + HALF, rect.w, ui->screen.h};
    return rect.h + HALF + ui_text(ui, below, picture.caption, (TextLook){.color = ui->theme.ink2});
}
