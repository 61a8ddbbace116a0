/* One cell → one JSON value. Whoever fails has said so at the cell. */
#include "syncd/content/inside.h"

#include "common/base/utf8.h"

#include <stdio.h>
#include <string.h>

enum { LIST_ITEMS_MAX = 200 };

Str column_name(const Column *column) {
    return column ? str_of(column->french) : (Str){0};
}

void row_issue(RowReader *reader, const Column *column, Cell cell, const char *code, const char *format,
               ...) {
    char message[ERR_TEXT_MAX];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(message, sizeof message, format, args);
    va_end(args);
    Str shown = column && column->type == V_SECRET ? (Str){0} : cell.text;
    issue_add(&reader->file->issues, cell.line, cell.column, column_name(column), shown, code, "%s", message);
    if (reader->candidate) reader->candidate->refused = true;
}

Reference *refer(RowReader *reader, const Column *column, Kind kind, Str id, Cell cell) {
    Candidate *candidate = reader->candidate;
    Reference *reference = LIST_ADD(reader->plan->arena, candidate->references, candidate->reference_count,
                                    candidate->reference_capacity);
    *reference = (Reference){kind, id, cell, column->french, {0}};
    return reference;
}

static Arena *arena_of(const RowReader *reader) {
    return reader->plan->arena;
}

static Json *text_value(RowReader *reader, Str text) {
    Json *value = ARENA_NEW(arena_of(reader), Json);
    value->type = JSON_TEXT_T;
    value->text = text;
    return value;
}

static Json *number_value(RowReader *reader, JsonType type, int64_t number) {
    Json *value = ARENA_NEW(arena_of(reader), Json);
    value->type = type;
    value->integer = number;
    return value;
}

/* The next part of a list, trimmed, as a cell of its own; empty parts are left out. */
static bool part_next(Str *rest, char separator, Cell cell, Cell *part) {
    Str text;
    while (str_cut(rest, separator, &text)) {
        text = str_trim(text);
        if (text.len == 0) continue;
        *part = (Cell){text, cell.line, cell.column};
        return true;
    }
    return false;
}

typedef Json *(*PartReader)(RowReader *reader, const Column *column, Cell part);

static Json *list_read(RowReader *reader, const Column *column, Cell cell, char separator,
                       PartReader read_part) {
    Json *list = json_new_list(arena_of(reader));
    Str rest = cell.text;
    for (Cell part; part_next(&rest, separator, cell, &part);) {
        if (list->count == LIST_ITEMS_MAX) {
            row_issue(reader, column, cell, "too_many", "at most %d values stand in a cell", LIST_ITEMS_MAX);
            return NULL;
        }
        Json *value = read_part(reader, column, part);
        if (!value) return NULL;
        json_add(list, value);
    }
    return list;
}

static Json *read_text(RowReader *reader, const Column *column, Cell cell) {
    if (utf8_length(cell.text) <= TEXT_FIELD_MAX && cell.text.len <= TEXT_FIELD_MAX)
        return text_value(reader, cell.text);
    row_issue(reader, column, cell, "too_long", "the text is longer than %d bytes", TEXT_FIELD_MAX);
    return NULL;
}

static Json *read_id(RowReader *reader, const Column *column, Cell cell) {
    if (id_part_is_valid(cell.text)) return text_value(reader, cell.text);
    row_issue(reader, column, cell, "id", "an id has letters, digits, “_”, “.” and “-” only, %d at most",
              ID_PART_MAX);
    return NULL;
}

static Json *read_reference(RowReader *reader, const Column *column, Cell cell) {
    Json *id = read_id(reader, column, cell);
    if (id) refer(reader, column, column->target, id->text, cell);
    return id;
}

static Json *read_code(RowReader *reader, const Column *column, Cell cell) {
    return read_text(reader, column, cell);
}

static Json *read_yes_no(RowReader *reader, const Column *column, Cell cell) {
    Str word = word_english(arena_of(reader), "oui=yes,non=no,vrai=true,faux=false", cell.text);
    if (word.at) return number_value(reader, JSON_BOOL_T, str_is(word, "yes") || str_is(word, "true"));
    row_issue(reader, column, cell, "yes_no", "write oui or non");
    return NULL;
}

static Json *read_number(RowReader *reader, const Column *column, Cell cell) {
    int64_t number;
    if (!str_to_int(cell.text, &number)) {
        row_issue(reader, column, cell, "number", "this is no whole number");
        return NULL;
    }
    if (number >= column->min && number <= column->max) return number_value(reader, JSON_INT_T, number);
    row_issue(reader, column, cell, "range", "the number must be from %lld to %lld", (long long)column->min,
              (long long)column->max);
    return NULL;
}

static bool read_day(RowReader *reader, const Column *column, Cell cell, Str text, int64_t *day) {
    if (day_read(text, reader->base_day, &reader->base_used, day)) return true;
    row_issue(reader, column, cell, "date", "write a date as 24/11/2026, 2026-11-24 or J+12");
    return false;
}

static Json *read_date(RowReader *reader, const Column *column, Cell cell) {
    int64_t day;
    return read_day(reader, column, cell, cell.text, &day)
               ? text_value(reader, day_write(arena_of(reader), day))
               : NULL;
}

static Json *moment_value(RowReader *reader, const Column *column, Cell cell, int64_t day, int minutes) {
    Millis at;
    if (moment_in_zone(arena_of(reader), reader->zone, day, minutes, &at))
        return number_value(reader, JSON_INT_T, at);
    row_issue(reader, column, cell, "time", "on that day this hour does not exist: the clock goes forward");
    return NULL;
}

static Json *read_time(RowReader *reader, const Column *column, Cell cell) {
    Str rest = cell.text, date;
    int64_t day;
    int minutes = 0;
    (void)str_cut(&rest, str_has(rest, ' ') ? ' ' : 'T', &date);
    if (!read_day(reader, column, cell, date, &day)) return NULL;
    bool alone = !rest.at;
    if (alone ? !(column->flags & COL_DAY_OK) : !clock_read(str_trim(rest), &minutes)) {
        row_issue(reader, column, cell, "time",
                  "write a time as 24/11/2026 10:00, 2026-11-24 10:00 or J+12 10:00");
        return NULL;
    }
    return moment_value(reader, column, cell, day, minutes);
}

static Json *read_half(RowReader *reader, const Column *column, Cell cell) {
    Str rest = cell.text, date;
    int64_t day;
    (void)str_cut(&rest, ' ', &date);
    if (!read_day(reader, column, cell, date, &day)) return NULL;
    Str half = word_english(arena_of(reader), "matin=am,après-midi=pm", rest);
    if (half.at)
        return text_value(reader, str_print(arena_of(reader), "%.*s%.*s",
                                            STR_FORMAT(day_write(arena_of(reader), day)), STR_FORMAT(half)));
    row_issue(reader, column, cell, "half", "write a half-day as 24/11/2026 matin or J+2 après-midi");
    return NULL;
}

static Json *read_word(RowReader *reader, const Column *column, Cell cell) {
    Str word = word_english(arena_of(reader), column->words, cell.text);
    if (word.at) return text_value(reader, word);
    row_issue(reader, column, cell, "word", "the words are: %.*s",
              STR_FORMAT(words_list(arena_of(reader), column->words)));
    return NULL;
}

static Json *read_number_word(RowReader *reader, const Column *column, Cell cell) {
    Json *word = read_word(reader, column, cell);
    int64_t number = 0;
    return word && str_to_int(word->text, &number) ? number_value(reader, JSON_INT_T, number) : NULL;
}

static Json *read_count(RowReader *reader, const Column *column, Cell part, Str *org) {
    Str rest = part.text;
    int64_t number;
    (void)str_cut(&rest, ':', org);
    *org = str_trim(*org);
    if (!rest.at || !id_part_is_valid(*org) || !str_to_int(str_trim(rest), &number) || number < 0 ||
        number > 10000000) {
        row_issue(reader, column, part, "counts", "write counts as olivet:12,saran:3");
        return NULL;
    }
    refer(reader, column, K_org, *org, part);
    return number_value(reader, JSON_INT_T, number);
}

static Json *read_counts(RowReader *reader, const Column *column, Cell cell) {
    Json *map = json_new_map(arena_of(reader));
    Str rest = cell.text, org;
    for (Cell part; part_next(&rest, ',', cell, &part);) {
        Json *number = read_count(reader, column, part, &org);
        if (!number) return NULL;
        if (json_get(map, str_cstr(arena_of(reader), org))) {
            row_issue(reader, column, part, "twice", "%.*s stands there twice", STR_FORMAT(org));
            return NULL;
        }
        json_put(arena_of(reader), map, org, number);
    }
    return map;
}

static Json *read_picture(RowReader *reader, const Column *column, Cell cell) {
    Str blob = picture_take(reader, column, cell, cell.text);
    return blob.at ? text_value(reader, blob) : NULL;
}

static Json *read_body(RowReader *reader, const Column *column, Cell cell) {
    Str text = markdown_read(reader, column, cell);
    return text.at ? text_value(reader, text) : NULL;
}

static bool refer_to_scope(RowReader *reader, const Column *column, Cell cell) {
    static const struct {
        const char *start;
        Kind kind;
    } owners[] = {{"pool:", K_pool}, {"org:", K_org}, {"site:", K_site}};
    for (size_t i = 0; i < COUNT(owners); i++) {
        if (!str_starts(cell.text, str_of(owners[i].start))) continue;
        refer(reader, column, owners[i].kind, str_skip(cell.text, strlen(owners[i].start)), cell);
        return true;
    }
    return str_is(cell.text, "public") || str_is(cell.text, "hub");
}

static Json *read_scope(RowReader *reader, const Column *column, Cell cell) {
    if (scope_is_valid(cell.text) && refer_to_scope(reader, column, cell))
        return text_value(reader, cell.text);
    row_issue(reader, column, cell, "scope", "write public, pool:ID, org:ID or site:ID");
    return NULL;
}

static Json *read_agent(RowReader *reader, const Column *column, Cell cell) {
    Str id = person_id(arena_of(reader), reader->org, cell.text);
    refer(reader, column, K_person, id, cell)->org = reader->org;
    return text_value(reader, id);
}

/* A uid; or, for what was exported without one, the id of an event. */
static Json *read_event(RowReader *reader, const Column *column, Cell cell) {
    Str id = event_id(arena_of(reader), cell.text);
    Overlay *overlay = &reader->plan->overlay;
    StoredRecord found;
    Err ignored;
    bool is_id = uuid_is_valid(cell.text) || cell.text.len == 32;
    if (is_id && overlay->records.verbs->get(&overlay->records, K_event, cell.text, arena_of(reader), &found,
                                             &ignored) == OK)
        id = cell.text;
    refer(reader, column, K_event, id, cell);
    return text_value(reader, id);
}

static Json *read_colour(RowReader *reader, const Column *column, Cell cell) {
    unsigned char rgb[3];
    if (cell.text.len == 7 && cell.text.at[0] == '#' && hex_decode(str_skip(cell.text, 1), rgb, sizeof rgb))
        return text_value(reader, cell.text);
    row_issue(reader, column, cell, "colour", "write a colour as #0B5266");
    return NULL;
}

static Json *read_clock(RowReader *reader, const Column *column, Cell cell) {
    int minutes;
    if (clock_read(cell.text, &minutes))
        return text_value(reader, str_print(arena_of(reader), "%02d:%02d", minutes / 60, minutes % 60));
    row_issue(reader, column, cell, "time", "write an hour as 21:30");
    return NULL;
}

static Json *read_zone(RowReader *reader, const Column *column, Cell cell) {
    if (zone_is_known(arena_of(reader), cell.text)) return text_value(reader, cell.text);
    row_issue(reader, column, cell, "zone", "no such time zone; for instance Europe/Paris");
    return NULL;
}

/* The day of `début`, which parts of a programme begin on. */
static int64_t start_day(RowReader *reader) {
    const Json *starts = value_of(reader, "début");
    int64_t day = reader->base_day;
    int minutes;
    if (starts) moment_split(arena_of(reader), reader->zone, starts->integer, &day, &minutes);
    return day;
}

/* "09:00 Accueil @ Hall"; a part of a later day starts with its date. */
static Json *read_programme_part(RowReader *reader, const Column *column, Cell cell) {
    Str rest = cell.text, word;
    int64_t day = start_day(reader);
    int minutes;
    (void)str_cut(&rest, ' ', &word);
    if (!clock_read(word, &minutes)) {
        if (!read_day(reader, column, cell, word, &day)) return NULL;
        rest = str_trim(rest);
        (void)str_cut(&rest, ' ', &word);
        if (!rest.at || !clock_read(word, &minutes)) rest.len = 0;
    }
    if (!rest.at || str_trim(rest).len == 0) {
        row_issue(reader, column, cell, "programme", "write a part as 09:00 title @ place");
        return NULL;
    }
    Json *starts = moment_value(reader, column, cell, day, minutes), *part = json_new_map(arena_of(reader));
    if (!starts) return NULL;
    json_put(arena_of(reader), part, STR("starts"), starts);
    ptrdiff_t at = str_find(rest, STR(" @ "));
    json_put_text(arena_of(reader), part, "title", str_trim(at < 0 ? rest : str_first(rest, (size_t)at)));
    if (at >= 0) json_put_text(arena_of(reader), part, "place", str_trim(str_skip(rest, (size_t)at + 3)));
    return part;
}

static Json *read_list(RowReader *reader, const Column *column, Cell cell) {
    static const struct {
        ValueType type;
        char separator;
        PartReader read;
    } lists[] = {
        {V_REFS, ',', read_reference}, {V_CODES, ',', read_code},     {V_TEXTS, '|', read_text},
        {V_TIMES, ',', read_time},     {V_HALVES, ',', read_half},    {V_PROGRAMME, '|', read_programme_part},
        {V_WORDS, ',', read_word},     {V_NUMBERS, ',', read_number},
    };
    for (size_t i = 0; i < COUNT(lists); i++)
        if (lists[i].type == column->type)
            return list_read(reader, column, cell, lists[i].separator, lists[i].read);
    return NULL;
}

Json *value_read(RowReader *reader, const Column *column, Cell cell) {
    static const PartReader readers[] = {
        [V_TEXT] = read_text,     [V_BODY] = read_body,      [V_ID] = read_id,
        [V_REF] = read_reference, [V_REFS] = read_list,      [V_CODES] = read_list,
        [V_TEXTS] = read_list,    [V_YES_NO] = read_yes_no,  [V_NUMBER] = read_number,
        [V_DATE] = read_date,     [V_TIME] = read_time,      [V_TIMES] = read_list,
        [V_HALVES] = read_list,   [V_COUNTS] = read_counts,  [V_PICTURE] = read_picture,
        [V_SCOPE] = read_scope,   [V_AGENT] = read_agent,    [V_EVENT] = read_event,
        [V_WORD] = read_word,     [V_WORDS] = read_list,     [V_NUMBER_WORD] = read_number_word,
        [V_COLOUR] = read_colour, [V_PROGRAMME] = read_list, [V_ZONE] = read_zone,
        [V_NUMBERS] = read_list,  [V_CLOCK] = read_clock,    [V_SECRET] = read_text,
    };
    return readers[column->type](reader, column, cell);
}
