#include "kiosk/ui/text.h"

#include "common/base/utf8.h"
#include "kiosk/ui/inside.h"

#include <string.h>

/* A stretch of one span without a place to break inside. */
typedef struct Fragment {
    size_t span, from, to;
    bool space_before, break_before, line_before;
} Fragment;

typedef struct Fragments {
    Fragment *at;
    size_t count, cap;
} Fragments;

/* Fragments of one line that stand in one span: set and measured as one text, so that kerning is right. */
typedef struct Run {
    size_t span, from, to;
    int space; /* before it */
    int width;
} Run;

typedef struct Setting {
    Ui *ui;
    const Span *spans;
    Fragments fragments;
    int width;
} Setting;

int ui_text_width(const Ui *ui, Font font, Str text) {
    return text.len ? ui->measure.width(ui->measure.context, font, ui->theme.font[font].size, text) : 0;
}

/* ---- where a line may break ---- */

static bool is_digit(char byte) {
    return byte >= '0' && byte <= '9';
}

static bool is_space(char byte) {
    return byte == ' ' || byte == '\t';
}

/* After a hyphen or a slash inside a word, but not in 2026-11-24 or 05/01. */
static bool breaks_after(Str text, size_t at, size_t from) {
    if ((text.at[at] != '-' && text.at[at] != '/') || at == from || at + 1 >= text.len) return false;
    char next = text.at[at + 1];
    return !is_space(next) && next != '\n' && !is_digit(next);
}

static void add_fragment(Setting *set, Fragment fragment) {
    Fragments *list = &set->fragments;
    if (list->count == list->cap) {
        size_t cap = list->cap ? list->cap * 2 : 32;
        Fragment *grown = ARENA_ARRAY(set->ui->arena, Fragment, cap);
        if (list->count) memcpy(grown, list->at, list->count * sizeof *grown);
        list->at = grown;
        list->cap = cap;
    }
    list->at[list->count++] = fragment;
}

/* What stood before the next fragment; carried from span to span. */
typedef struct Before {
    bool space, line, hyphen;
} Before;

static size_t fragment_end(Str text, size_t from, bool *hyphen) {
    size_t at = from;
    *hyphen = false;
    while (at < text.len && !is_space(text.at[at]) && text.at[at] != '\n') {
        *hyphen = breaks_after(text, at, from);
        at++;
        if (*hyphen) break;
    }
    return at;
}

static void cut_span(Setting *set, size_t span, Before *before) {
    Str text = set->spans[span].text;
    for (size_t at = 0; at < text.len;) {
        if (is_space(text.at[at]) || text.at[at] == '\n') {
            if (text.at[at] == '\n' && before->line)
                add_fragment(set, (Fragment){span, at, at, false, true, true});
            before->line |= text.at[at] == '\n';
            before->space = true;
            at++;
            continue;
        }
        bool hyphen;
        size_t end = fragment_end(text, at, &hyphen);
        bool breaks = before->space || before->hyphen;
        add_fragment(set, (Fragment){span, at, end, before->space && !before->line, breaks, before->line});
        *before = (Before){.hyphen = hyphen};
        at = end;
    }
}

/* ---- lines ---- */

static Str run_text(const Setting *set, const Run *run) {
    return str_first(str_skip(set->spans[run->span].text, run->from), run->to - run->from);
}

static void measure_run(const Setting *set, Run *run) {
    run->width = ui_text_width(set->ui, set->spans[run->span].font, run_text(set, run));
}

/* The runs of fragments [first, last); returns their number. */
static size_t line_runs(const Setting *set, size_t first, size_t last, Run *runs) {
    size_t count = 0;
    for (size_t i = first; i < last; i++) {
        const Fragment *fragment = &set->fragments.at[i];
        if (count && runs[count - 1].span == fragment->span) {
            runs[count - 1].to = fragment->to;
            continue;
        }
        bool space = i > first && fragment->space_before;
        int gap = space ? ui_text_width(set->ui, set->spans[fragment->span].font, STR(" ")) : 0;
        runs[count++] = (Run){fragment->span, fragment->from, fragment->to, gap, 0};
    }
    for (size_t i = 0; i < count; i++) measure_run(set, &runs[i]);
    return count;
}

static int line_width(const Setting *set, size_t first, size_t last) {
    Run *runs = ARENA_ARRAY(set->ui->arena, Run, last - first + 1);
    size_t count = line_runs(set, first, last, runs);
    int width = 0;
    for (size_t i = 0; i < count; i++) width += runs[i].space + runs[i].width;
    return width;
}

static size_t word_end(const Setting *set, size_t from) {
    size_t end = from + 1;
    while (end < set->fragments.count && !set->fragments.at[end].break_before) end++;
    return end;
}

/* Splits a fragment wider than the line where it is full; at least one character stays. */
static void split_fragment(Setting *set, size_t index) {
    Fragment *fragment = &set->fragments.at[index];
    Str text = set->spans[fragment->span].text;
    Font font = set->spans[fragment->span].font;
    size_t cut = fragment->from, at = fragment->from;
    while (at < fragment->to) {
        utf8_next(text, &at);
        Str head = str_first(str_skip(text, fragment->from), at - fragment->from);
        if (cut > fragment->from && ui_text_width(set->ui, font, head) > set->width) break;
        cut = at;
    }
    if (cut >= fragment->to) return;
    Fragment rest = {fragment->span, cut, fragment->to, false, true, false};
    fragment->to = cut;
    add_fragment(set, rest); /* makes the room; now moved to its place */
    Fragment *all = set->fragments.at;
    memmove(all + index + 2, all + index + 1, (set->fragments.count - index - 2) * sizeof *all);
    all[index + 1] = rest;
}

static void split_first_word(Setting *set, size_t first) {
    for (size_t i = first; i < word_end(set, first); i++) {
        if (line_width(set, first, i + 1) <= set->width) continue;
        if (i > first)
            set->fragments.at[i].break_before = true;
        else
            split_fragment(set, i);
        return;
    }
}

/* The end of the line that starts at fragment `first`. */
static size_t line_end(Setting *set, size_t first) {
    size_t end = word_end(set, first);
    if (line_width(set, first, end) > set->width) {
        split_first_word(set, first);
        return word_end(set, first);
    }
    while (end < set->fragments.count && !set->fragments.at[end].line_before) {
        size_t next = word_end(set, end);
        if (line_width(set, first, next) > set->width) break;
        end = next;
    }
    return end;
}

static Setting setting(Ui *ui, int width, const Span *spans, size_t count) {
    Setting set = {.ui = ui, .spans = spans, .width = width};
    Before before = {0};
    for (size_t i = 0; i < count; i++) cut_span(&set, i, &before);
    return set;
}

static int line_h(const Ui *ui, TextLook look) {
    const FontMeasure *font = &ui->theme.font[look.font];
    return look.tight ? font->tight : font->line;
}

int ui_rich_height(Ui *ui, int width, const Span *spans, size_t count, TextLook look) {
    Setting set = setting(ui, width, spans, count);
    int lines = 0;
    for (size_t at = 0; at < set.fragments.count; lines++) {
        if (look.max_lines && lines == look.max_lines) break;
        at = line_end(&set, at);
    }
    return lines * line_h(ui, look);
}

static void add_text(Ui *ui, int x, int y, int width, Str text, Span span) {
    const FontMeasure *font = &ui->theme.font[span.font];
    ui_add(ui, (Item){.type = ITEM_TEXT,
                      .rect = {x, y, width, font->box},
                      .text = text,
                      .font = span.font,
                      .size = font->size,
                      .color = span.color ? span.color : ui->theme.ink});
}

/* baseline_y: all spans of a line stand on it, whatever their size. */
static void draw_line(const Setting *set, size_t first, size_t last, Rect area, int baseline_y, Align align) {
    Run *runs = ARENA_ARRAY(set->ui->arena, Run, last - first + 1);
    size_t count = line_runs(set, first, last, runs);
    int width = 0;
    for (size_t i = 0; i < count; i++) width += runs[i].space + runs[i].width;
    int spare = area.w - width, x = area.x + (align == ALIGN_LEFT    ? 0
                                              : align == ALIGN_RIGHT ? spare
                                                                     : spare / 2);
    for (size_t i = 0; i < count; i++) {
        Span span = set->spans[runs[i].span];
        x += runs[i].space;
        int top = baseline_y - set->ui->theme.font[span.font].baseline;
        if (runs[i].to > runs[i].from)
            add_text(set->ui, x, top, runs[i].width, run_text(set, &runs[i]), span);
        x += runs[i].width;
    }
}

int ui_rich(Ui *ui, Rect area, const Span *spans, size_t count, TextLook look) {
    Setting set = setting(ui, area.w, spans, count);
    const FontMeasure *font = &ui->theme.font[look.font];
    int height = line_h(ui, look), y = area.y, lines = 0;
    for (size_t at = 0; at < set.fragments.count; lines++) {
        if (look.max_lines && lines == look.max_lines) break;
        size_t end = line_end(&set, at);
        draw_line(&set, at, end, area, y + (height - font->box) / 2 + font->baseline, look.align);
        y += height;
        at = end;
    }
    return y - area.y;
}

int ui_text_height(Ui *ui, int width, Str text, TextLook look) {
    Span span = {text, look.font, look.color};
    return ui_rich_height(ui, width, &span, 1, look);
}

int ui_text(Ui *ui, Rect area, Str text, TextLook look) {
    Span span = {text, look.font, look.color};
    return ui_rich(ui, area, &span, 1, look);
}

int ui_text_middle(Ui *ui, Rect area, Str text, TextLook look) {
    int height = ui_text_height(ui, area.w, text, look);
    area.y += (area.h - height) / 2;
    return ui_text(ui, area, text, look);
}

Rect ui_label(Ui *ui, int x, int baseline_y, Str text, Font font, Color color) {
    const FontMeasure *measure = &ui->theme.font[font];
    int width = ui_text_width(ui, font, text);
    if (text.len) add_text(ui, x, baseline_y - measure->baseline, width, text, (Span){text, font, color});
    return rect_make(x, baseline_y - measure->baseline, width, measure->box);
}

int ui_widest_word(Ui *ui, Font font, Str text) {
    Span span = {text, font, 0};
    Setting set = setting(ui, ui->screen.w, &span, 1);
    int widest = 0;
    for (size_t at = 0; at < set.fragments.count;) {
        size_t end = word_end(&set, at);
        int width = line_width(&set, at, end);
        if (width > widest) widest = width;
        at = end;
    }
    return widest;
}
