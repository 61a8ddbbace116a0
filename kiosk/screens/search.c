/* As you type, accents and case ignored, over everything that is not personal. */
#include "kiosk/screens/parts.h"

#include "common/base/utf8.h"

enum { HITS_MAX = 200, QUERY_WORDS_MAX = 8, EVENTS_MAX = 5000 };

#define SEARCH_KEY STR("search")

typedef struct Entry {
    Str title, subtitle, folded; /* folded: title and what else is searched */
    const char *icon;
    ScreenId screen;
    Str id;
} Entry;

typedef struct Search {
    Entry *entries;
    size_t count, cap;
} Search;

typedef struct SearchVisit {
    bool reading; /* the keyboard is put away */
} SearchVisit;

static void add(const Stage *stage, Search *data, Entry entry, Str more) {
    if (data->count == data->cap) return;
    Str all = str_print(stage->arena, "%.*s %.*s %.*s", STR_FORMAT(entry.title), STR_FORMAT(entry.subtitle),
                        STR_FORMAT(more));
    entry.folded = utf8_fold(stage->arena, all);
    data->entries[data->count++] = entry;
}

static Status grow(const Stage *stage, Search *data, size_t by) {
    Entry *entries = ARENA_ARRAY(stage->arena, Entry, data->count + by + 1);
    for (size_t i = 0; i < data->count; i++) entries[i] = data->entries[i];
    data->entries = entries;
    data->cap = data->count + by;
    return OK;
}

static Status add_events(const Stage *stage, Search *data, Err *err) {
    ViewArg args[] = {VIEW_INT(civil_midnight(stage->now)), VIEW_INT(EVENTS_MAX)};
    void *rows = NULL;
    size_t count = 0;
    TRY(view_list(stage->view, VIEW_events_from, args, COUNT(args), &rows, &count, stage->arena, err));
    TRY(grow(stage, data, count));
    for (size_t i = 0; i < count; i++) {
        const Event *event = &((const Event *)rows)[i];
        Entry entry = {.title = in_lang(stage, &event->meta, "title", event->title),
                       .subtitle =
                           say_when(&stage->say, event->starts, event->ends, event->all_day == TRUTH_YES),
                       .icon = event_icon(event->type),
                       .screen = SCREEN_event,
                       .id = event->meta.id};
        add(stage, data, entry, event->place);
    }
    return OK;
}

static Status add_pages(const Stage *stage, Search *data, Err *err) {
    void *rows = NULL;
    size_t count = 0;
    TRY(load_all(stage, VIEW_pages, &rows, &count, err));
    TRY(grow(stage, data, count));
    for (size_t i = 0; i < count; i++) {
        const Page *page = &((const Page *)rows)[i];
        Entry entry = {.title = in_lang(stage, &page->meta, "title", page->title),
                       .subtitle = words(stage, M_booklet),
                       .icon = "livre",
                       .screen = SCREEN_page,
                       .id = page->meta.id};
        add(stage, data, entry,
            str_print(stage->arena, "%.*s %.*s", STR_FORMAT(page->essential), STR_FORMAT(page->body)));
    }
    return OK;
}

static Status add_tools(const Stage *stage, Search *data, Err *err) {
    void *rows = NULL;
    size_t count = 0;
    TRY(load_all(stage, VIEW_tools, &rows, &count, err));
    TRY(grow(stage, data, count));
    for (size_t i = 0; i < count; i++) {
        const Tool *tool = &((const Tool *)rows)[i];
        Entry entry = {.title = in_lang(stage, &tool->meta, "title", tool->title),
                       .subtitle = tool_type_name(stage, tool->type),
                       .icon = "outils",
                       .screen = SCREEN_tool,
                       .id = tool->meta.id};
        add(stage, data, entry, tool->body);
    }
    return OK;
}

static Status add_eaters_and_ideas(const Stage *stage, Search *data, Err *err) {
    void *eaters = NULL, *ideas = NULL;
    size_t eater_count = 0, idea_count = 0;
    TRY(load_all(stage, VIEW_time_eaters, &eaters, &eater_count, err));
    TRY(load_all(stage, VIEW_ideas, &ideas, &idea_count, err));
    TRY(grow(stage, data, eater_count + idea_count));
    for (size_t i = 0; i < eater_count; i++) {
        const TimeEater *eater = &((const TimeEater *)eaters)[i];
        Entry entry = {.title = in_lang(stage, &eater->meta, "title", eater->title),
                       .subtitle = words(stage, M_tile_eaters),
                       .icon = "mangeurs",
                       .screen = SCREEN_time_eater,
                       .id = eater->meta.id};
        add(stage, data, entry, eater->body);
    }
    for (size_t i = 0; i < idea_count; i++) {
        const Idea *idea = &((const Idea *)ideas)[i];
        Entry entry = {.title = in_lang(stage, &idea->meta, "text", idea->text),
                       .subtitle = words(stage, M_tile_ideas),
                       .icon = "idees",
                       .screen = SCREEN_idea,
                       .id = idea->meta.id};
        add(stage, data, entry, idea->category);
    }
    return OK;
}

static Status add_helpers_and_paths(const Stage *stage, Search *data, Err *err) {
    void *tutors = NULL, *paths = NULL;
    size_t tutor_count = 0, path_count = 0;
    TRY(load_all(stage, VIEW_tutors, &tutors, &tutor_count, err));
    TRY(load_all(stage, VIEW_paths, &paths, &path_count, err));
    TRY(grow(stage, data, tutor_count + path_count));
    for (size_t i = 0; i < path_count; i++) {
        const Path *path = &((const Path *)paths)[i];
        Entry entry = {.title = in_lang(stage, &path->meta, "title", path->title),
                       .subtitle = words(stage, M_tile_arrive),
                       .icon = "arrive",
                       .screen = SCREEN_path,
                       .id = path->meta.id};
        add(stage, data, entry,
            str_print(stage->arena, "%.*s %.*s", STR_FORMAT(path->profile), STR_FORMAT(path->summary)));
    }
    for (size_t i = 0; i < tutor_count; i++) {
        const Tutor *tutor = &((const Tutor *)tutors)[i];
        Str fields = joined(stage, tutor->fields.at, tutor->fields.count);
        Entry entry = {.title = tutor->name,
                       .subtitle = fields,
                       .icon = "quimaide",
                       .screen = SCREEN_helper,
                       .id = tutor->meta.id};
        add(stage, data, entry, service_name(stage, tutor->service));
    }
    return OK;
}

static Status load(const Stage *stage, const void *state, void *out, Err *err) {
    (void)state;
    Search *data = out;
    TRY(add_helpers_and_paths(stage, data, err));
    TRY(add_events(stage, data, err));
    TRY(add_pages(stage, data, err));
    TRY(add_tools(stage, data, err));
    return add_eaters_and_ideas(stage, data, err);
}

/* ---- finding: every word must occur; where the title begins with the first word comes first ---- */

static bool has_all_words(const Entry *entry, const Str *query, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (str_find(entry->folded, query[i]) < 0) return false;
    return true;
}

static int rank_of(const Entry *entry, Str first) {
    ptrdiff_t at = str_find(entry->folded, first);
    if (at == 0) return 0;
    if (at > 0 && (size_t)at < entry->title.len) return entry->folded.at[at - 1] == ' ' ? 1 : 2;
    return 3;
}

typedef struct Hits {
    const Search *data;
    size_t *at;
    size_t count;
} Hits;

static Hits find(const Stage *stage, const Search *data, Str text) {
    Hits hits = {.data = data, .at = ARENA_ARRAY(stage->arena, size_t, HITS_MAX)};
    Str rest = str_trim(utf8_fold(stage->arena, text)), word = {0}, query[QUERY_WORDS_MAX];
    size_t count = 0;
    while (rest.len && count < QUERY_WORDS_MAX && str_cut(&rest, ' ', &word))
        if (word.len) query[count++] = word;
    if (!count) return hits;
    for (int rank = 0; rank <= 3; rank++)
        for (size_t i = 0; i < data->count && hits.count < HITS_MAX; i++)
            if (has_all_words(&data->entries[i], query, count) &&
                rank_of(&data->entries[i], query[0]) == rank)
                hits.at[hits.count++] = i;
    return hits;
}

/* ---- drawing ---- */

static void hit_row(const Stage *stage, const void *hits_, size_t index, ListRow *out) {
    (void)stage;
    const Hits *hits = hits_;
    const Entry *entry = &hits->data->entries[hits->at[index]];
    *out = (ListRow){.title = entry->title,
                     .subtitle = entry->subtitle,
                     .key = str_print(stage->arena, "%d %.*s", (int)entry->screen, STR_FORMAT(entry->id)),
                     .icon = entry->icon,
                     .icon_right = "chev_droite",
                     .bold = true};
}

/* While typing: as many of the first as there is room for above the keys. */
static int draw_first(const Stage *stage, Rect area, const Hits *hits) {
    Ui *ui = stage->ui;
    int columns = area.w >= 1200 ? 2 : 1, touched = -1;
    for (size_t i = 0; i < hits->count; i += (size_t)columns) {
        int tallest = 0;
        for (int c = 0; c < columns && i + (size_t)c < hits->count; c++) {
            ListRow row = {0};
            hit_row(stage, hits, i + (size_t)c, &row);
            row.subtitle = (Str){0};
            Rect face = rect_column(area, columns, c, GRID);
            face.h = ui_row_height(ui, face.w, &row);
            if (face.h + EDGE > area.h) return touched;
            if (ui_row(ui, face, &row) == ROW_OPEN) touched = (int)i + c;
            tallest = face.h > tallest ? face.h : tallest;
        }
        rect_cut_top(&area, tallest + EDGE + HALF);
    }
    return touched;
}

static Rect draw_keyboard(const Stage *stage, Rect area, SearchVisit *visit) {
    Ui *ui = stage->ui;
    Keyboard keyboard = {.kind = KEYBOARD_TEXT,
                         .field = SEARCH_KEY,
                         .done_label = words(stage, M_search_see),
                         .max_bytes = 80};
    int height = ui_keyboard_height(ui, KEYBOARD_TEXT);
    Rect keys = rect_cut_bottom(&area, height < area.h ? height : area.h);
    rect_cut_bottom(&area, HALF);
    KeyboardTouched touched = ui_keyboard(ui, keys, keyboard);
    if (touched == KEYBOARD_DONE) visit->reading = true;
    if (touched == KEYBOARD_CHANGED) ui_scroll_to(ui, STR("hits"), 0);
    return area;
}

static Action draw(const Stage *stage, void *state, const void *in) {
    const Search *data = in;
    SearchVisit *visit = state;
    Ui *ui = stage->ui;
    Rect area = page_body(stage);
    rect_cut_top(&area, HALF);
    Rect field = rect_cut_top(&area, FIELD_H);
    Field look = {.key = SEARCH_KEY,
                  .label = words(stage, M_tile_search),
                  .placeholder = words(stage, M_search_placeholder),
                  .icon = "recherche",
                  .in_use = !visit->reading};
    if (ui_field(ui, field, look)) visit->reading = false;
    rect_cut_top(&area, HALF);
    if (!visit->reading) area = draw_keyboard(stage, area, visit);
    Str text = ui_field_text(ui, SEARCH_KEY);
    Hits hits = find(stage, data, text);
    Str said = !str_trim(text).len ? words(stage, M_search_hint)
                                   : words_with(stage, M_search_hits, NUM((int64_t)hits.count));
    rect_cut_top(&area, ui_text(ui, area, said, (TextLook){.font = FONT_S, .color = ui->theme.ink2}) + 12);
    RowList list = {STR("hits"), hits.count, hit_row, &hits};
    int touched = visit->reading ? draw_rows(stage, area, &list) : draw_first(stage, area, &hits);
    if (touched < 0) return action_none();
    const Entry *entry = &data->entries[hits.at[touched]];
    return open_screen(entry->screen, entry->id);
}

const ScreenKind screen_search = {
    .name = "search",
    .state_size = sizeof(SearchVisit),
    .data_size = sizeof(Search),
    .reads = KIND_BIT(K_event) | KIND_BIT(K_page) | KIND_BIT(K_tool) | KIND_BIT(K_time_eater) |
             KIND_BIT(K_idea) | KIND_BIT(K_tutor) | KIND_BIT(K_path) | KIND_BIT(K_service),
    .load = load,
    .draw = draw,
};
