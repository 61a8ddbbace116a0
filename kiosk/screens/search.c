/* Search as you type, over everything that is not personal: accents, case and œ do not matter. What was typed
 * lives in the field and in the visit, and goes with them. */
#include "kiosk/screens/parts.h"

#include "common/base/utf8.h"

#include <string.h>

enum {
    TYPED_MAX = 80,
    CHAPTERS_MAX = 6,
    COMING_MAX = 3,
    WORDS_OF_LINE = 2 * SEARCH_HITS_MAX,
    COMPACT_H = 93, /* a title alone, where there is little room: above the 20 mm of a target */
    BRIEF_H = 148,
    EXCERPT_LEAST_CHARS = 24,
    CHIP_GAP = 20,
    LIST_MIN_H = 480
};

#define SEARCH_KEY STR("search")
#define HITS_KEY STR("hits")

typedef struct Suggestion {
    Str label;
    ScreenId screen; /* SCREEN_search: the label is typed */
    Str arg;
} Suggestion;

/* Where a hit lives: as the tiles of home say it. */
typedef enum Home {
    HOME_AGENDA,
    HOME_BOOKLET,
    HOME_PATHS,
    HOME_TOOLS,
    HOME_HELPERS,
    HOME_EATERS,
    HOME_RISE,
    HOME_IDEAS,
    HOME_COUNT
} Home;

typedef struct Found {
    SearchResults results;
    Str typed;
    Str *about, *brief; /* of each hit: when, where, of what chapter; the first of these */
    Home homes[HOME_COUNT];
    int home_count; /* those with hits, the one of the best first */
    Suggestion suggestions[CHAPTERS_MAX + COMING_MAX];
    size_t suggestion_count;
} Found;

typedef struct SearchVisit {
    bool reading; /* the keyboard is put away */
    char typed[TYPED_MAX + 1];
} SearchVisit;

/* ---- kinds ---- */

static const struct HitKind {
    Kind kind;
    Home home;
    ScreenId screen;
    const char *icon;
} hit_kinds[] = {
    {K_event, HOME_AGENDA, SCREEN_event, "calendrier"},
    {K_page, HOME_BOOKLET, SCREEN_page, "livre"},
    {K_path, HOME_PATHS, SCREEN_path, "arrive"},
    {K_step, HOME_PATHS, SCREEN_step, "drapeau"},
    {K_tool, HOME_TOOLS, SCREEN_tool, "outils"},
    {K_tutor, HOME_HELPERS, SCREEN_helper, "quimaide"},
    {K_service, HOME_HELPERS, SCREEN_helpers, "personnes"},
    {K_time_eater, HOME_EATERS, SCREEN_time_eater, "mangeurs"},
    {K_rise, HOME_RISE, SCREEN_rise, "rise"},
    {K_idea, HOME_IDEAS, SCREEN_idea, "idees"},
};

static const struct HitKind *hit_kind(const SearchHit *hit) {
    for (size_t i = 0; i < COUNT(hit_kinds); i++)
        if (hit_kinds[i].kind == hit->kind) return &hit_kinds[i];
    return &hit_kinds[0];
}

static Str home_name(const Stage *stage, Home home) {
    static const Message names[HOME_COUNT] = {
        [HOME_AGENDA] = M_tile_train, [HOME_BOOKLET] = M_booklet,      [HOME_PATHS] = M_tile_arrive,
        [HOME_TOOLS] = M_tile_tools,  [HOME_HELPERS] = M_tile_helpers, [HOME_EATERS] = M_tile_eaters,
        [HOME_RISE] = M_tile_rise,    [HOME_IDEAS] = M_tile_ideas};
    return words(stage, names[home]);
}

/* ---- loading ---- */

static void suggest(Found *data, Str label, ScreenId screen, Str arg) {
    for (size_t i = 0; i < data->suggestion_count; i++)
        if (str_equal(data->suggestions[i].label, label)) return;
    if (label.len) data->suggestions[data->suggestion_count++] = (Suggestion){label, screen, arg};
}

static Status load_suggestions(const Stage *stage, Found *data, Err *err) {
    void *pages = NULL, *events = NULL;
    size_t page_count = 0, event_count = 0;
    ViewArg args[] = {VIEW_INT(stage->now), VIEW_INT(COMING_MAX)};
    TRY(load_all(stage, VIEW_pages, &pages, &page_count, err));
    TRY(view_list(stage->view, VIEW_events_from, args, COUNT(args), &events, &event_count, stage->arena,
                  err));
    for (size_t i = 0; i < page_count && data->suggestion_count < CHAPTERS_MAX; i++) {
        const Page *page = &((const Page *)pages)[i];
        suggest(data, in_lang(stage, &page->meta, "chapter", page->chapter), SCREEN_search, (Str){0});
    }
    for (size_t i = 0; i < event_count; i++) {
        const Event *event = &((const Event *)events)[i];
        suggest(data, in_lang(stage, &event->meta, "title", event->title), SCREEN_event, event->meta.id);
    }
    return OK;
}

static void say_about(const Stage *stage, const SearchHit *hit, Str *about, Str *brief) {
    Str parts[3] = {{0}, {0}, hit->context};
    if (hit->cancelled) parts[0] = words(stage, M_state_cancelled);
    if (hit->starts != INT_ABSENT) parts[1] = say_when(&stage->say, hit->starts, hit->ends, false);
    if (hit->kind == K_tool) parts[0] = tool_type_name(stage, (ToolType)hit->type);
    if (hit->kind == K_tool) parts[2] = tool_phase_name(stage, hit->context);
    if (hit->kind == K_rise) parts[0] = rise_state_name(stage, (RiseState)hit->type);
    *about = joined(stage, parts, COUNT(parts));
    *brief = joined(stage, parts, 2);
    if (!brief->len) *brief = *about;
}

static void note_home(Found *data, Home home) {
    for (int i = 0; i < data->home_count; i++)
        if (data->homes[i] == home) return;
    data->homes[data->home_count++] = home;
}

static Status load(const Stage *stage, const void *state, void *out, Err *err) {
    const SearchVisit *visit = state;
    Found *data = out;
    data->typed = str_copy(stage->arena, str_of(visit->typed));
    SearchQuestion question = {.typed = data->typed,
                               .lang = str_of(lang_code(stage->say.lang)),
                               .now = stage->now,
                               .excerpt_chars = 80};
    if (stage->search) search_find(stage->search, &question, stage->arena, &data->results);
    if (!data->results.asked) return load_suggestions(stage, data, err);
    data->about = ARENA_ARRAY(stage->arena, Str, data->results.count + 1);
    data->brief = ARENA_ARRAY(stage->arena, Str, data->results.count + 1);
    for (size_t i = 0; i < data->results.count; i++) {
        say_about(stage, &data->results.hits[i], &data->about[i], &data->brief[i]);
        note_home(data, hit_kind(&data->results.hits[i])->home);
    }
    return OK;
}

/* ---- one hit ---- */

typedef struct Line {
    Span spans[WORDS_OF_LINE];
    size_t count;
} Line;

static void add_span(Line *line, Str text, Font font, Color color) {
    if (text.len && line->count < WORDS_OF_LINE) line->spans[line->count++] = (Span){text, font, color};
}

/* What matched stands out by weight and ink, not by colour alone. */
static void add_marked(Line *line, const SearchText *text, Font font, Color color, Font marked, Color mark) {
    size_t at = 0;
    for (size_t i = 0; i < text->mark_count; i++) {
        add_span(line, str_first(str_skip(text->text, at), text->marks[i].at - at), font, color);
        add_span(line, str_first(str_skip(text->text, text->marks[i].at), text->marks[i].len), marked, mark);
        at = text->marks[i].at + text->marks[i].len;
    }
    add_span(line, str_skip(text->text, at), font, color);
}

typedef struct HitWords {
    Line title, below;
} HitWords;

static const TextLook title_look = {.font = FONT_S_BOLD, .tight = true};
static const TextLook below_look = {.font = FONT_S, .tight = true};

/* As much of an excerpt as fits behind what is said before it: no line is cut off in the middle. */
static SearchText fitting(const Stage *stage, const SearchText *excerpt, int chars) {
    SearchText out = *excerpt;
    size_t at = 0;
    int taken = 0;
    if (chars < EXCERPT_LEAST_CHARS) return (SearchText){0};
    while (taken < chars && utf8_next(excerpt->text, &at) >= 0) taken++;
    if (at >= excerpt->text.len) return out;
    while (at > 0 && excerpt->text.at[at] != ' ') at--;
    while (at > 0 && strchr(" ,;:.", excerpt->text.at[at - 1])) at--;
    out.text = str_print(stage->arena, "%.*s…", STR_FORMAT(str_first(excerpt->text, at)));
    while (out.mark_count && out.marks[out.mark_count - 1].at + out.marks[out.mark_count - 1].len > at)
        out.mark_count--;
    return out;
}

static int chars_below(const Stage *stage, int width) {
    int lines = stage->ui->screen.layout == LAYOUT_PORTRAIT ? 3 : 2;
    int average = stage->ui->theme.font[FONT_S].size * 21 / 40;
    return lines * (width / average);
}

/* Title, and below it when, where, and the part of the text that matched, unless the title says it all. */
static HitWords *hit_words(const Stage *stage, const Found *data, size_t index, int width) {
    const Theme *theme = &stage->ui->theme;
    const SearchHit *hit = &data->results.hits[index];
    Str about = data->about[index];
    HitWords *out = ARENA_NEW(stage->arena, HitWords);
    add_marked(&out->title, &hit->title, FONT_S_BOLD, COLOR_NONE, FONT_S_BOLD, theme->accent);
    add_span(&out->below, about, FONT_S, theme->ink2);
    if (hit->title.mark_count && about.len && !hit->excerpt.mark_count) return out;
    SearchText excerpt =
        fitting(stage, &hit->excerpt, chars_below(stage, width) - (int)utf8_length(about) - 3);
    if (about.len && excerpt.text.len) add_span(&out->below, STR(" – "), FONT_S, theme->ink2);
    add_marked(&out->below, &excerpt, FONT_S, theme->ink2, FONT_S_BOLD, theme->ink);
    return out;
}

/* One line of it, and the title alone where there is no room for two. */
static HitWords *brief_words(const Stage *stage, const Found *data, size_t index, bool with_about) {
    const Theme *theme = &stage->ui->theme;
    HitWords *out = ARENA_NEW(stage->arena, HitWords);
    add_marked(&out->title, &data->results.hits[index].title, FONT_S_BOLD, COLOR_NONE, FONT_S_BOLD,
               theme->accent);
    if (with_about) add_span(&out->below, data->brief[index], FONT_S, theme->ink2);
    return out;
}

enum { HIT_PAD = 32, HIT_PAD_Y = 20, HIT_GAP = 24 };

static Rect words_of(Rect face) {
    int left = HIT_PAD + ICON + HIT_GAP, right = HIT_GAP + ICON + HIT_PAD;
    return rect_make(face.x + left, face.y, face.w - left - right, face.h);
}

static int words_height(Ui *ui, int width, const HitWords *hit) {
    return ui_rich_height(ui, width, hit->title.spans, hit->title.count, title_look) +
           ui_rich_height(ui, width, hit->below.spans, hit->below.count, below_look);
}

static int hit_height(Ui *ui, int width, const HitWords *hit, int least) {
    int needed = words_height(ui, words_of(rect_make(0, 0, width, 0)).w, hit) + 2 * HIT_PAD_Y;
    return needed > least ? needed : least;
}

static void draw_hit_words(Ui *ui, Rect face, const HitWords *hit, const char *icon) {
    Rect inside = words_of(face);
    ui_icon(ui, rect_make(face.x + HIT_PAD, face.y + (face.h - ICON) / 2, ICON, ICON), icon, COLOR_NONE);
    ui_icon(ui, rect_make(rect_right(face) - HIT_PAD - ICON, face.y + (face.h - ICON) / 2, ICON, ICON),
            "chev_droite", COLOR_NONE);
    inside.y += (face.h - words_height(ui, inside.w, hit)) / 2;
    inside.y += ui_rich(ui, inside, hit->title.spans, hit->title.count, title_look);
    ui_rich(ui, inside, hit->below.spans, hit->below.count, below_look);
}

static bool draw_hit(const Stage *stage, Rect face, const SearchHit *hit, const HitWords *said) {
    Ui *ui = stage->ui;
    Rect whole = rect_make(face.x, face.y, face.w, face.h + EDGE);
    if (!ui_sees(ui, whole)) return false;
    ui_push_key(ui, str_of(kind_info(hit->kind)->name));
    Touched touched =
        ui_target(ui, whole, (Target){.label = hit->title.text, .key = hit->id, .role = ROLE_BUTTON});
    ui_touch_card(ui, face, touched.pressed);
    if (touched.focused) ui_focus_ring(ui, whole, RADIUS);
    draw_hit_words(ui, rect_move(face, 0, touched.pressed ? EDGE : 0), said, hit_kind(hit)->icon);
    ui_pop_key(ui);
    return touched.activated;
}

/* ---- all of them, under the names of where they live ---- */

enum { HEAD_GAP = 12, HIT_LEAST = 112, BETWEEN_HITS = 20 };

typedef struct HitList {
    const Stage *stage;
    const Found *data;
    ScrollArea scroll;
    int y, touched;
} HitList;

static void draw_home(HitList *list, Home home) {
    Ui *ui = list->stage->ui;
    Rect content = list->scroll.content;
    if (list->y > content.y) list->y += HALF;
    Rect head = rect_make(content.x, list->y, content.w, 0);
    list->y += ui_text(ui, head, home_name(list->stage, home), (TextLook){.font = FONT_M_BOLD}) + HEAD_GAP;
    for (size_t i = 0; i < list->data->results.count; i++) {
        const SearchHit *hit = &list->data->results.hits[i];
        if (hit_kind(hit)->home != home) continue;
        HitWords *said = hit_words(list->stage, list->data, i, words_of(content).w);
        Rect face = rect_make(content.x, list->y, content.w, hit_height(ui, content.w, said, HIT_LEAST));
        if (draw_hit(list->stage, face, hit, said)) list->touched = (int)i;
        list->y += face.h + EDGE + BETWEEN_HITS;
    }
}

static int draw_list(const Stage *stage, Rect area, const Found *data) {
    HitList list = {stage, data, ui_scroll_begin(stage->ui, area, HITS_KEY), 0, -1};
    list.y = list.scroll.content.y;
    for (int i = 0; i < data->home_count; i++) draw_home(&list, data->homes[i]);
    ui_scroll_end(stage->ui, list.scroll, list.y - list.scroll.content.y - BETWEEN_HITS,
                  page_words(stage, HITS_KEY));
    return list.touched;
}

/* While typing, where there is little room: the best, as many as there is room for. */
static int draw_best(const Stage *stage, Rect area, const Found *data) {
    Ui *ui = stage->ui;
    int columns = area.w >= 1200 ? 2 : 1, touched = -1;
    bool with_about = area.h >= BRIEF_H + EDGE;
    for (size_t i = 0; i < data->results.count; i += (size_t)columns) {
        int tallest = 0;
        for (size_t c = i; c < i + (size_t)columns && c < data->results.count; c++) {
            HitWords *said = brief_words(stage, data, c, with_about);
            Rect face = rect_column(area, columns, (int)(c - i), GRID);
            face.h = hit_height(ui, face.w, said, with_about ? BRIEF_H : COMPACT_H);
            if (face.h + EDGE > area.h) face.h = area.h - EDGE;
            if (face.h < COMPACT_H) return touched;
            if (draw_hit(stage, face, &data->results.hits[c], said)) touched = (int)c;
            tallest = face.h > tallest ? face.h : tallest;
        }
        rect_cut_top(&area, tallest + EDGE + HALF < area.h ? tallest + EDGE + HALF : area.h);
    }
    return touched;
}

static Action open_hit(const Found *data, int index) {
    const SearchHit *hit = &data->results.hits[index];
    return open_screen(hit_kind(hit)->screen, hit->id);
}

/* ---- nothing typed, nothing found ---- */

/* How many of them fit, in lines. */
static int fitting_chips(Ui *ui, Rect area, const Chip *chips, int count) {
    int x = 0, y = 0;
    for (int i = 0; i < count; i++) {
        int width = ui_chip_width(ui, chips[i]);
        if (x > 0 && x + width > area.w) x = 0, y += CHIP_H + CHIP_GAP;
        if (y + CHIP_H > area.h || width > area.w) return i;
        x += width + CHIP_GAP;
    }
    return count;
}

static Action draw_suggestions(const Stage *stage, Rect area, const Found *data) {
    Ui *ui = stage->ui;
    Chip chips[CHAPTERS_MAX + COMING_MAX];
    int count = 0;
    TextLook look = {.color = ui->theme.ink2};
    if (area.h >= LIST_MIN_H)
        rect_cut_top(&area, ui_text(ui, area, words(stage, M_search_suggest), look) + HEAD_GAP);
    for (size_t i = 0; i < data->suggestion_count; i++)
        chips[count++] = (Chip){.label = data->suggestions[i].label,
                                .icon = data->suggestions[i].screen == SCREEN_event ? "calendrier" : "livre"};
    if (area.h < 2 * CHIP_H) area = rect_centered(area, area.w, CHIP_H);
    int touched = ui_chips(ui, &area, chips, fitting_chips(ui, area, chips, count));
    if (touched < 0) return action_none();
    const Suggestion *one = &data->suggestions[touched];
    if (one->screen != SCREEN_search) return open_screen(one->screen, one->arg);
    ui_field_set(ui, SEARCH_KEY, one->label);
    return action_none();
}

/* Who else may know, beside the words or below them. */
static Action draw_none(const Stage *stage, Rect area, const Found *data) {
    Ui *ui = stage->ui;
    Button ask = {.label = words(stage, M_tile_helpers), .icon = "quimaide"};
    bool beside = area.w >= 1200;
    Str nothing = words_with(stage, M_search_nothing, TXT(data->typed));
    if (area.h <= FIELD_H) {
        ui_text_middle(ui, area, nothing, (TextLook){.font = FONT_S_BOLD, .tight = true});
        return action_none();
    }
    Rect face = rect_make(0, area.y + HALF, ui_button_width(ui, ask), ui_button_height(ui));
    if (beside) face.x = rect_cut_right(&area, face.w + GRID).x + GRID;
    rect_cut_top(&area, ui_text(ui, area, nothing, (TextLook){.font = FONT_M_BOLD, .tight = true}));
    rect_cut_top(&area,
                 ui_text(ui, area, words(stage, M_search_nothing_what), (TextLook){.color = ui->theme.ink2}));
    if (!beside) face.x = area.x, face.y = area.y + GRID;
    return ui_button(ui, face, ask) ? open_screen(SCREEN_helpers, (Str){0}) : action_none();
}

/* ---- the screen ---- */

static bool note_typed(const Stage *stage, SearchVisit *visit) {
    Str typed = str_first(ui_field_text(stage->ui, SEARCH_KEY), TYPED_MAX);
    if (str_is(typed, visit->typed)) return false;
    memset(visit->typed, 0, sizeof visit->typed);
    memcpy(visit->typed, typed.at, typed.len);
    ui_scroll_to(stage->ui, HITS_KEY, 0);
    return true;
}

static Str see_words(const Stage *stage, const Found *data) {
    size_t count = data->results.count;
    return count > 1 ? words_with(stage, M_search_see_all, NUM((int64_t)count)) : words(stage, M_search_see);
}

static Rect draw_keyboard(const Stage *stage, Rect area, const Found *data, SearchVisit *visit) {
    Ui *ui = stage->ui;
    Keyboard keyboard = {.kind = KEYBOARD_TEXT,
                         .field = SEARCH_KEY,
                         .done_label = see_words(stage, data),
                         .done_off = !data->results.count,
                         .max_bytes = TYPED_MAX};
    int height = ui_keyboard_height(ui, KEYBOARD_TEXT);
    Rect keys = rect_cut_bottom(&area, height < area.h ? height : area.h);
    rect_cut_bottom(&area, HALF);
    if (ui_keyboard(ui, keys, keyboard) == KEYBOARD_DONE) visit->reading = true;
    return area;
}

/* Returns what is left for results: below the field, or beside it where nothing is left below. */
static Rect draw_field(const Stage *stage, Rect area, SearchVisit *visit) {
    Field look = {.key = SEARCH_KEY,
                  .label = words(stage, M_tile_search),
                  .placeholder = words(stage, M_search_placeholder),
                  .icon = "recherche",
                  .in_use = !visit->reading};
    Rect field = rect_cut_top(&area, FIELD_H), beside = field;
    bool crowded = area.h < COMPACT_H + EDGE + HALF;
    if (crowded) {
        field = rect_column(beside, 2, 0, GRID);
        beside = rect_column(beside, 2, 1, GRID);
    }
    if (ui_field(stage->ui, field, look)) visit->reading = false;
    rect_cut_top(&area, HALF);
    return crowded ? rect_centered(beside, beside.w, beside.h - 2 * BORDER_USE) : area;
}

static Str said_of(const Stage *stage, const Found *data) {
    if (data->results.any_word) return words(stage, M_search_some);
    if (data->results.partial) return words(stage, M_search_preparing);
    return words_with(stage, M_search_hits, NUM((int64_t)data->results.count));
}

static Action draw_hits(const Stage *stage, Rect area, const Found *data, bool reading) {
    Ui *ui = stage->ui;
    bool list = reading || area.h >= LIST_MIN_H;
    if (!data->results.asked) return draw_suggestions(stage, area, data);
    if (!data->results.count) return draw_none(stage, area, data);
    if (list)
        rect_cut_top(&area,
                     ui_text(ui, area, said_of(stage, data), (TextLook){.color = ui->theme.ink2}) + HEAD_GAP);
    int touched = list ? draw_list(stage, area, data) : draw_best(stage, area, data);
    return touched >= 0 ? open_hit(data, touched) : action_none();
}

static Action draw(const Stage *stage, void *state, const void *in) {
    const Found *data = in;
    SearchVisit *visit = state;
    Rect area = page_body(stage);
    rect_cut_top(&area, HALF);
    if (!visit->reading) area = draw_keyboard(stage, area, data, visit);
    area = draw_field(stage, area, visit);
    Action action = draw_hits(stage, area, data, visit->reading);
    bool changed = note_typed(stage, visit);
    if (changed && action.type == ACTION_NONE) action.type = ACTION_RELOAD;
    return action;
}

/* What changes in the replica comes by way of the index: kiosk/app says when (search.c there). */
const ScreenKind screen_search = {
    .name = "search",
    .state_size = sizeof(SearchVisit),
    .data_size = sizeof(Found),
    .load = load,
    .draw = draw,
};
