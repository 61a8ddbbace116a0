#include "kiosk/ui/inside.h"

#include <math.h>

/* ---- top bar ---- */

enum { LOGO = 64, LOGO_ICON = 44, TOP_ICON = 40, TOP_GAP = 64, CLOCK_GAP = 44 };

/* Capitals stand in the middle of the bar. */
static int top_baseline(const Ui *ui) {
    return TOP_BAR_H / 2 + ui->theme.font[FONT_S].size * 365 / 1000 + 1;
}

typedef struct FreshLook {
    const char *icon;
    Color color;
    Font font;
} FreshLook;

static FreshLook fresh_look(const Theme *theme, Freshness freshness) {
    if (freshness == OFFLINE) return (FreshLook){"hors_ligne", theme->signal_dark, FONT_S_BOLD};
    return (FreshLook){"sync", theme->ink2, FONT_S};
}

static void logo(Ui *ui, int x) {
    Rect rect = rect_make(x, HALF, LOGO, LOGO);
    ui_box(ui, rect, ui->theme.accent, 12, COLOR_NONE, 0);
    ui_icon_thin(ui, rect_centered(rect, LOGO_ICON, LOGO_ICON), "ix", ui->theme.on_accent, 17);
}

/* Sets words ending at *right and moves it before them; nothing when they would run into `left`. */
static bool set_right(Ui *ui, int left, int *right, int gap, Str words, Font font, Color color) {
    int width = ui_text_width(ui, font, words);
    if (!words.len || *right - width < left) return false;
    ui_label(ui, *right - width, top_baseline(ui), words, font, color);
    *right -= width + gap;
    return true;
}

static void freshness(Ui *ui, int left, int *right, const TopBar *bar) {
    FreshLook look = fresh_look(&ui->theme, bar->freshness);
    int room_left = left + TOP_ICON + 14;
    if (!set_right(ui, room_left, right, 14 + TOP_ICON, bar->freshness_words, look.font, look.color)) return;
    ui_icon(ui, rect_make(*right, 28, TOP_ICON, TOP_ICON), look.icon, look.color);
    *right -= TOP_GAP;
}

/* Clock and freshness first; then the date, then the place, where there is room. */
void ui_top_bar(Ui *ui, const TopBar *bar) {
    ui->inside->in_bars = true;
    const Theme *theme = &ui->theme;
    ui_fill(ui, rect_make(0, 0, ui->screen.w, TOP_BAR_H), theme->stone);
    int margin = ui_margin(ui), right = ui->screen.w - margin;
    logo(ui, margin);
    int left =
        rect_right(ui_label(ui, margin + LOGO + 20, top_baseline(ui), bar->org, FONT_S_BOLD, theme->ink)) +
        20;
    bool roomy = ui->screen.layout != LAYOUT_PORTRAIT;
    set_right(ui, left, &right, roomy ? CLOCK_GAP : TOP_GAP, bar->clock, FONT_S_BOLD, theme->ink);
    int fresh_w = ui_text_width(ui, FONT_S_BOLD, bar->freshness_words) + TOP_ICON + 14 + TOP_GAP;
    if (roomy && set_right(ui, left + fresh_w, &right, 0, bar->date, FONT_S, theme->ink)) right -= TOP_GAP;
    freshness(ui, left, &right, bar);
    if (left + ui_text_width(ui, FONT_S, bar->place) <= right)
        ui_label(ui, left, top_baseline(ui), bar->place, FONT_S, theme->ink2);
    ui->inside->in_bars = false;
}

/* ---- bottom bar ---- */

enum {
    BAR_PAD = 32,
    BAR_PAD_NARROW = 20,
    BAR_PAD_STACKED = 12,
    BAR_ICON_GAP = 18,
    SESSION_H = 88,
    BAR_SIDE_PORTRAIT = 12,
    SESSION_ICON_GAP = 16
};

/* How the entries fit: what is too much gives way one after the other. */
typedef struct BarFit {
    int pad;
    Str access;
    bool name_left_out; /* of the session entry */
    bool stacked;       /* icons above their words */
} BarFit;

static int entry_width(const Ui *ui, const BarFit *fit, Str label) {
    return 2 * fit->pad + ui_text_width(ui, FONT_S, label) + (fit->stacked ? 0 : ICON + BAR_ICON_GAP);
}

static int entries_width(const Ui *ui, const BarFit *fit) {
    const UiLabels *labels = &ui->labels;
    return entry_width(ui, fit, labels->back) + entry_width(ui, fit, labels->home) +
           entry_width(ui, fit, fit->access) + entry_width(ui, fit, labels->help);
}

typedef struct SessionWords {
    Span spans[2];
    size_t count;
    int width;
} SessionWords;

static SessionWords session_words(Ui *ui, const BarFit *fit, const BottomBar *bar) {
    Color color = ui->theme.on_bar;
    if (fit->name_left_out)
        return (SessionWords){{{bar->session_word, FONT_S_BOLD, color}},
                              1,
                              ui_text_width(ui, FONT_S_BOLD, bar->session_word) + 2};
    Str ending = str_print(ui->arena, " – %.*s", STR_FORMAT(bar->session_word));
    int width = ui_text_width(ui, FONT_S_BOLD, bar->session_name) + ui_text_width(ui, FONT_S, ending) + 4;
    return (SessionWords){{{bar->session_name, FONT_S_BOLD, color}, {ending, FONT_S, color}}, 2, width};
}

static int session_width(Ui *ui, const BarFit *fit, const BottomBar *bar) {
    return ICON + SESSION_ICON_GAP + session_words(ui, fit, bar).width + 2 * fit->pad;
}

static bool has_strip(const Ui *ui) {
    return ui->screen.layout == LAYOUT_PORTRAIT;
}

/* What stays free at both ends. */
static int bar_side(const Ui *ui, const BarFit *fit) {
    if (has_strip(ui)) return BAR_SIDE_PORTRAIT;
    return fit->pad == BAR_PAD ? ui_margin(ui) - fit->pad : HALF;
}

static bool fits(Ui *ui, const BarFit *fit, const BottomBar *bar) {
    bool between = bar->session_name.len > 0 && !has_strip(ui);
    int needed = entries_width(ui, fit) + (between ? session_width(ui, fit, bar) : 0);
    return needed <= ui->screen.w - 2 * bar_side(ui, fit);
}

static BarFit bar_fit(Ui *ui, const BottomBar *bar) {
    BarFit fit = {.pad = has_strip(ui) ? BAR_PAD_NARROW : BAR_PAD,
                  .access = has_strip(ui) ? ui->labels.access_short : ui->labels.access};
    if (fits(ui, &fit, bar)) return fit;
    fit.access = ui->labels.access_short;
    if (fits(ui, &fit, bar)) return fit;
    fit.name_left_out = !has_strip(ui);
    if (fits(ui, &fit, bar)) return fit;
    fit.pad = BAR_PAD_NARROW;
    if (fits(ui, &fit, bar)) return fit;
    fit.stacked = true;
    fit.pad = BAR_PAD_STACKED;
    return fit;
}

static void stacked_words(Ui *ui, Rect rect, const char *icon, Str label, Color color) {
    int words_h = ui->theme.font[FONT_S].tight, top = rect.y + (rect.h - ICON - words_h) / 2;
    ui_icon(ui, rect_make(rect.x + (rect.w - ICON) / 2, top, ICON, ICON), icon, color);
    ui_text(ui, rect_make(rect.x, top + ICON, rect.w, words_h), label,
            (TextLook){.color = color, .align = ALIGN_CENTER, .tight = true});
}

static void beside_words(Ui *ui, Rect inside, const char *icon, Str label, Color color) {
    Rect place = rect_cut_left(&inside, ICON + BAR_ICON_GAP);
    ui_icon(ui, rect_make(place.x, place.y + (place.h - ICON) / 2, ICON, ICON), icon, color);
    inside.w += 2;
    ui_text_middle(ui, inside, label, (TextLook){.color = color, .tight = true});
}

typedef struct Entry {
    Str label;
    const char *icon;
    bool off;
    BarTouched meaning;
} Entry;

static void entry(Ui *ui, Rect rect, const BarFit *fit, Entry shown, BarTouched *touched_entry) {
    const Theme *theme = &ui->theme;
    Touched touched = ui_target(ui, rect, (Target){.label = shown.label, .disabled = shown.off});
    if (touched.pressed) ui_fill(ui, rect, theme->bar_hi);
    Color color = shown.off ? theme->bar_off : theme->on_bar;
    if (fit->stacked)
        stacked_words(ui, rect, shown.icon, shown.label, color);
    else
        beside_words(ui, rect_inset_xy(rect, fit->pad, 0), shown.icon, shown.label, color);
    if (touched.focused) ui_focus_ring(ui, rect_inset(rect, 12), RADIUS);
    if (touched.activated) *touched_entry = shown.meaning;
}

static void session_entry(Ui *ui, Rect rect, const BarFit *fit, const BottomBar *bar,
                          BarTouched *touched_entry) {
    const Theme *theme = &ui->theme;
    Touched touched = ui_target(ui, rect, (Target){.label = bar->session_word, .key = STR("session")});
    ui_box(ui, rect, touched.pressed ? theme->bar : theme->bar_hi, has_strip(ui) ? 0 : RADIUS_KEY,
           theme->bar_line, BORDER);
    SessionWords words = session_words(ui, fit, bar);
    Rect inside = rect_centered(rect, ICON + SESSION_ICON_GAP + words.width, rect.h);
    Rect place = rect_cut_left(&inside, ICON + SESSION_ICON_GAP);
    ui_icon(ui, rect_make(place.x, rect.y + (rect.h - ICON) / 2, ICON, ICON), "sortie", theme->on_bar);
    inside.y += (inside.h - theme->font[FONT_S].tight) / 2;
    ui_rich(ui, inside, words.spans, words.count, (TextLook){.font = FONT_S, .tight = true});
    if (touched.focused) ui_focus_ring(ui, rect, RADIUS_KEY);
    if (touched.activated) *touched_entry = BAR_SESSION;
}

static int bar_h(const Ui *ui) {
    return ui->screen.layout == LAYOUT_SMALL ? BOTTOM_BAR_SMALL_H : BOTTOM_BAR_H;
}

/* Between the entries of both sides; in portrait a strip above them. */
static Rect session_place(Ui *ui, const BarFit *fit, Rect bar, Rect between, const BottomBar *shown) {
    if (has_strip(ui)) return rect_make(bar.x, bar.y - SESSION_STRIP_H, bar.w, SESSION_STRIP_H);
    return rect_centered(between, session_width(ui, fit, shown), SESSION_H);
}

static Rect bar_ground(Ui *ui) {
    Rect bar = rect_make(0, ui->screen.h - bar_h(ui), ui->screen.w, bar_h(ui));
    ui_fill(ui, bar, ui->theme.bar);
    if (ui->theme.bar_line != COLOR_NONE)
        ui_fill(ui, rect_make(bar.x, bar.y, bar.w, BORDER), ui->theme.bar_line);
    return bar;
}

BarTouched ui_bottom_bar(Ui *ui, const BottomBar *shown) {
    ui->inside->in_bars = true;
    BarTouched touched = BAR_NONE;
    BarFit fit = bar_fit(ui, shown);
    const Entry back = {ui->labels.back, "retour", shown->back_off, BAR_BACK};
    const Entry home = {ui->labels.home, "accueil", shown->home_off, BAR_HOME};
    const Entry access = {fit.access, "accessibilite", false, BAR_ACCESS};
    const Entry help = {ui->labels.help, "aide", false, BAR_HELP};
    Rect bar = bar_ground(ui), rest = rect_inset_xy(bar, bar_side(ui, &fit), 0);
    entry(ui, rect_cut_left(&rest, entry_width(ui, &fit, back.label)), &fit, back, &touched);
    entry(ui, rect_cut_left(&rest, entry_width(ui, &fit, home.label)), &fit, home, &touched);
    Rect help_place = rect_cut_right(&rest, entry_width(ui, &fit, help.label));
    Rect access_place = rect_cut_right(&rest, entry_width(ui, &fit, access.label));
    if (shown->session_name.len)
        session_entry(ui, session_place(ui, &fit, bar, rest, shown), &fit, shown, &touched);
    entry(ui, access_place, &fit, access, &touched);
    entry(ui, help_place, &fit, help, &touched);
    ui->inside->in_bars = false;
    return touched;
}

/* ---- dialog, pill ---- */

enum { DIALOG_W = 1120, DIALOG_RISE = 32 };

static int dialog_rise(Ui *ui, uint32_t id) {
    UiInside *in = ui->inside;
    if (in->dialog_id != id) {
        in->dialog_id = id;
        in->dialog_ms = ui->now_ms;
    }
    in->dialog_seen = true;
    double part = (double)(ui->now_ms - in->dialog_ms) / DIALOG_RISE_MS;
    if (part >= 1 || ui->theme.choice.calm) return 0;
    ui_wake_at(ui, ui->now_ms + 16);
    return (int)lround(DIALOG_RISE * (1 - part) * (1 - part));
}

Rect ui_dialog(Ui *ui, Str key, int h) {
    const Theme *theme = &ui->theme;
    Rect content = ui_content(ui);
    int most = content.w - 2 * ui_margin(ui);
    ui_fill(ui, content, theme->sunk);
    Rect card = rect_centered(content, most < DIALOG_W ? most : DIALOG_W, h < content.h ? h : content.h);
    card.y = content.y + (content.h - card.h) * 3 / 8 + dialog_rise(ui, ui_id(ui, key));
    ui_add(ui, (Item){.type = ITEM_BOX,
                      .rect = card,
                      .color = theme->card,
                      .radius = RADIUS,
                      .edge = theme->edge,
                      .border = theme->card_border,
                      .stroke = theme->card_border == COLOR_NONE ? 0 : BORDER});
    return rect_inset(card, card.w < DIALOG_W ? GRID : MARGIN_WIDE);
}

void ui_pill(Ui *ui, Rect rect, Str label, const char *icon) {
    const Theme *theme = &ui->theme;
    ui_box(ui, rect, theme->signal, rect.h / 2, COLOR_NONE, 0);
    Rect inside = rect_centered(rect, ui_text_width(ui, FONT_M_BOLD, label) + 64 + 20, rect.h);
    Rect place = rect_cut_left(&inside, 64 + 20);
    ui_icon(ui, rect_make(place.x, rect.y + (rect.h - 64) / 2, 64, 64), icon, theme->on_signal);
    ui_text_middle(ui, inside, label,
                   (TextLook){.font = FONT_M_BOLD, .color = theme->on_signal, .tight = true});
}
