#include "syncd/content/columns.h"

#include "common/base/utf8.h"

#include <string.h>

#define C(french_name, english_name, field_name, value_type, flag_bits, ...)                                 \
    {                                                                                                        \
        .french = french_name, .english = english_name, .field = field_name, .type = value_type,             \
        .flags = flag_bits, __VA_ARGS__                                                                      \
    }
#define REQ COL_REQUIRED
#define TEXT_TR (COL_TRANSLATES)
#define PROJECT_COLUMN C("projet", "project", "project", V_NUMBER, 0, .min = 1, .max = 5)
#define SCOPE_COLUMN C("portée", "scope", NULL, V_SCOPE, REQ)
#define ID_COLUMN C("identifiant", "id", NULL, V_ID, REQ)
#define DERIVED_ID_COLUMN C("identifiant", "id", NULL, V_ID, 0)
#define OWNER_COLUMN(owner_field)                                                                            \
    C("collectivité", "org", owner_field, V_REF, REQ | COL_OWNER, .target = K_org)
#define AGENT_KEY_COLUMN C("matricule", "person", NULL, V_AGENT, REQ | COL_KEY)
#define NUMBER_KEY_COLUMN C("numéro", "number", NULL, V_TEXT, COL_KEY)
#define BODY_COLUMN(body_name, body_flags) C(body_name, "body", "body", V_BODY, (body_flags) | COL_TRANSLATES)

static const Column org_columns[] = {
    ID_COLUMN,
    C("nom", "name", "name", V_TEXT, REQ | TEXT_TR),
    C("nom court", "short", "short", V_TEXT, REQ | TEXT_TR),
    C("type", "type", "type", V_WORD, REQ, .words = "ville=city,agglo=agglo,commune=commune,autre=other"),
    C("parent", "parent", "parent", V_REF, 0, .target = K_org),
    C("couleur", "colour", "colour", V_COLOUR, REQ),
    C("logo", "logo", "logo", V_PICTURE, 0),
};

static const Column pool_columns[] = {
    ID_COLUMN,
    C("nom", "name", "name", V_TEXT, REQ | TEXT_TR),
    C("membres", "members", "members", V_REFS, REQ, .target = K_org),
};

static const Column service_columns[] = {ID_COLUMN, OWNER_COLUMN("org"),
                                         C("nom", "name", "name", V_TEXT, REQ | TEXT_TR)};

static const Column site_columns[] = {
    ID_COLUMN,
    OWNER_COLUMN("org"),
    C("nom", "name", "name", V_TEXT, REQ | TEXT_TR),
    C("adresse", "address", "address", V_TEXT, 0),
    C("plan", "plan", "plan", V_PICTURE, 0),
};

static const Column profile_columns[] = {
    ID_COLUMN,
    OWNER_COLUMN(NULL),
    C("largeur mm", "width_mm", "width_mm", V_NUMBER, 0, .min = 50, .max = 5000),
    C("hauteur mm", "height_mm", "height_mm", V_NUMBER, 0, .min = 50, .max = 5000),
    C("rotation", "rotation", "rotation", V_NUMBER_WORD, 0, .words = "0=0,90=90,180=180,270=270"),
    C("nuit de", "night_from", "night_from", V_CLOCK, 0),
    C("nuit à", "night_until", "night_until", V_CLOCK, 0),
    C("veille après", "idle_s", "idle_s", V_NUMBER, 0, .min = 5, .max = 86400),
    C("langues", "languages", "languages", V_CODES, 0),
};

static const Column person_columns[] = {
    C("matricule", "number", NULL, V_TEXT, COL_KEY),
    DERIVED_ID_COLUMN,
    OWNER_COLUMN("org"),
    C("service", "service", "service", V_REF, 0, .target = K_service),
    C("nom", "name", "name", V_TEXT, REQ),
    C("badges", "badges", "badges", V_SECRET, 0),
    C("code", "code", "code", V_SECRET, 0),
    C("langues", "langs", "langs", V_CODES, 0, .otherwise = "fr"),
    C("rôles", "roles", "roles", V_WORDS, 0,
      .words = "responsable=manager,RH=hr,accueil=host,modération=moderator,formation=trainer"),
    C("départ", "purge_on", "purge_on", V_DATE, 0),
};

static const Column tutor_columns[] = {
    OWNER_COLUMN("org"),
    AGENT_KEY_COLUMN,
    C("nom", "name", "name", V_TEXT, REQ),
    C("service", "service", "service", V_REF, 0, .target = K_service),
    C("types", "kinds", "kinds", V_WORDS, REQ,
      .words = "formation=trainer,tutorat=tutor,parrainage=sponsor,RH=hr"),
    C("domaines", "fields", "fields", V_TEXTS, REQ),
    C("langues", "langs", "langs", V_CODES, 0, .otherwise = "fr"),
    C("disponibilités", "availability", "availability", V_TEXT, TEXT_TR),
    C("accord le", "opt_in_at", "opt_in_at", V_TIME, REQ | COL_DAY_OK),
    SCOPE_COLUMN,
};

static const Column page_columns[] = {
    C("id", "id", NULL, V_ID, REQ),
    C("titre", "title", "title", V_TEXT, REQ | TEXT_TR),
    SCOPE_COLUMN,
    C("chapitre", "chapter", "chapter", V_TEXT, REQ | TEXT_TR),
    C("ordre", "order", "order", V_NUMBER, REQ, .min = 0, .max = 1000000),
    C("essentiel", "essential", "essential", V_BODY, TEXT_TR),
    C("tags", "tags", "tags", V_CODES, 0),
    C("valable du", "valid_from", "valid_from", V_DATE, 0),
    C("à revoir le", "review_by", "review_by", V_DATE, 0),
    BODY_COLUMN("body", REQ),
};

static const Column tool_columns[] = {
    C("id", "id", NULL, V_ID, REQ),
    C("titre", "title", "title", V_TEXT, REQ | TEXT_TR),
    SCOPE_COLUMN,
    C("projet", "project", "project", V_NUMBER, REQ, .min = 1, .max = 5),
    C("type", "type", "type", V_WORD, REQ,
      .words = "charte=charter,check-list=checklist,trame=template,kit=kit,méthode=method"),
    C("phase", "phase", "phase", V_WORD, 0,
      .words =
          "émergence=emergence,cadrage=framing,planification=planning,réalisation=execution,clôture=closing"),
    C("ordre", "order", "order", V_NUMBER, 0, .min = 0, .max = 1000000),
    C("fichier", "file", "file", V_PICTURE, 0),
    BODY_COLUMN("body", 0),
};

static const Column path_columns[] = {
    C("id", "id", NULL, V_ID, REQ),
    C("titre", "title", "title", V_TEXT, REQ | TEXT_TR),
    SCOPE_COLUMN,
    C("profil", "profile", "profile", V_TEXT, REQ | TEXT_TR),
    C("résumé", "summary", "summary", V_TEXT, REQ | TEXT_TR),
    C("ordre", "order", "order", V_NUMBER, 0, .min = 0, .max = 1000000),
    C("body", "body", NULL, V_BODY, COL_ASIDE),
};

static const Column step_columns[] = {
    C("n°", "number", NULL, V_NUMBER, REQ | COL_KEY, .min = 0, .max = 99999),
    C("ordre", "order", "order", V_NUMBER, 0, .min = 0, .max = 1000000),
    C("étape", "title", "title", V_TEXT, REQ | TEXT_TR),
    C("détail", "body", "body", V_BODY, TEXT_TR),
    C("qui", "actor", "actor", V_WORD, REQ,
      .words = "moi=newcomer,parrainage=sponsor,responsable=manager,RH=hr"),
    C("type", "type", "type", V_WORD, REQ,
      .words = "lecture=page,démarche=procedure,à faire=check,événement=event,rencontre=meeting"),
    C("page", "page", "page", V_REF, 0, .target = K_page),
    C("événement", "event", "event", V_EVENT, 0),
    C("obligatoire", "mandatory", "mandatory", V_YES_NO, 0, .otherwise = "oui"),
    C("moment", "anchor", "anchor", V_WORD, REQ,
      .words = "Avant l’arrivée=before,Premier jour=day1,Première semaine=week1,30 jours=d30,60 jours=d60,90 "
               "jours=d90"),
};

static const Column event_columns[] = {
    C("uid", "uid", "uid", V_TEXT, COL_KEY),
    DERIVED_ID_COLUMN,
    C("type", "type", "type", V_WORD, REQ,
      .words = "ixpresso=ixpresso,formation=training,rise=rise,accueil=welcome,autre=other"),
    C("titre", "title", "title", V_TEXT, REQ | TEXT_TR),
    BODY_COLUMN("description", 0),
    C("début", "starts", "starts", V_TIME, REQ),
    C("fin", "ends", "ends", V_TIME, REQ),
    C("fuseau", "tz", "tz", V_ZONE, 0, .otherwise = "Europe/Paris"),
    C("journée entière", "all_day", "all_day", V_YES_NO, 0),
    C("lieu", "place", "place", V_TEXT, REQ | TEXT_TR),
    C("site", "site", "site", V_REF, 0, .target = K_site),
    OWNER_COLUMN("org"),
    C("services", "services", "services", V_REFS, 0, .target = K_service),
    C("public", "audience", "audience", V_TEXT, TEXT_TR),
    PROJECT_COLUMN,
    C("avec", "trainers", "trainers", V_TEXTS, 0),
    C("places", "seats", "seats", V_NUMBER, 0, .min = 0, .max = 100000),
    C("minimum", "min_seats", "min_seats", V_NUMBER, 0, .min = 0, .max = 100000),
    C("ouverture", "opens", "opens", V_TIME, 0),
    C("clôture", "closes", "closes", V_TIME, 0),
    C("annulation jusqu’à", "cancel_until", "cancel_until", V_TIME, 0),
    C("validation", "approval", "approval", V_WORD, 0, .words = "aucune=none,responsable=manager,RH=hr",
      .otherwise = "none"),
    C("liste d’attente", "waitlist", "waitlist", V_YES_NO, 0, .otherwise = "oui"),
    C("état", "status", "status", V_WORD, 0, .words = "prévu=planned,déplacé=moved,annulé=cancelled",
      .otherwise = "planned"),
    C("série", "series", "series", V_ID, 0),
    C("demi-journées", "halves", "halves", V_HALVES, 0),
    C("programme", "programme", "programme", V_PROGRAMME, 0),
    C("image", "image", "image", V_PICTURE, 0),
    C("description de l’image", "image_alt", "image_alt", V_TEXT, TEXT_TR),
    C("accès", "access", "access", V_TEXT, TEXT_TR),
    C("quotas", "quotas", NULL, V_COUNTS, COL_ASIDE),
    C("quotas libérés", "release_at", NULL, V_TIME, COL_ASIDE),
    SCOPE_COLUMN,
};

static const Column run_columns[] = {
    OWNER_COLUMN(NULL),
    AGENT_KEY_COLUMN,
    C("parcours", "path", NULL, V_REF, REQ | COL_KEY, .target = K_path),
    C("début", "start", "start", V_DATE, REQ),
    C("parrainage", "sponsor", "sponsor", V_AGENT, 0),
    C("responsable", "manager", "manager", V_AGENT, 0),
    C("étapes faites", "done", NULL, V_NUMBERS, COL_ASIDE, .min = 0, .max = 99999),
};

static const Column registration_columns[] = {
    C("événement", "event", NULL, V_EVENT, REQ | COL_KEY),
    OWNER_COLUMN(NULL),
    AGENT_KEY_COLUMN,
    C("faite le", "at", NULL, V_TIME, REQ | COL_ASIDE),
};

static const Column rise_columns[] = {
    NUMBER_KEY_COLUMN,
    DERIVED_ID_COLUMN,
    C("de", "from_service", "from_service", V_REF, REQ, .target = K_service),
    C("vers", "to_service", "to_service", V_REF, REQ, .target = K_service),
    C("thème", "theme", "theme", V_TEXT, REQ | TEXT_TR),
    C("créneaux", "slots", "slots", V_TIMES, 0, .otherwise = ""),
    C("état", "state", "state", V_WORD, REQ,
      .words = "proposée=proposed,acceptée=accepted,déclinée=declined,tenue=held"),
    C("événement", "event", "event", V_EVENT, 0),
    C("compte rendu", "minutes", "minutes", V_BODY, TEXT_TR),
    SCOPE_COLUMN,
};

static const Column time_eater_columns[] = {
    ID_COLUMN,
    C("titre", "title", "title", V_TEXT, REQ | TEXT_TR),
    BODY_COLUMN("description", 0),
    C("outil", "tool", "tool", V_REF, 0, .target = K_tool),
    C("nombre", "by_org", "by_org", V_COUNTS, COL_ONCE),
    SCOPE_COLUMN,
};

static const Column idea_columns[] = {
    NUMBER_KEY_COLUMN,
    DERIVED_ID_COLUMN,
    OWNER_COLUMN("org"),
    C("texte", "text", "text", V_TEXT, REQ | TEXT_TR),
    C("catégorie", "category", "category", V_TEXT, TEXT_TR),
    PROJECT_COLUMN,
    C("état", "state", "state", V_WORD, REQ,
      .words =
          "nouvelle=new,visible=visible,étudiée=studied,reprise=adopted,réalisée=done,déclinée=declined"),
    C("voix", "votes", "votes", V_NUMBER, COL_ONCE, .otherwise = "0", .min = 0, .max = 10000000),
    SCOPE_COLUMN,
};

static const Column notice_columns[] = {
    NUMBER_KEY_COLUMN,
    DERIVED_ID_COLUMN,
    C("titre", "title", "title", V_TEXT, REQ | TEXT_TR),
    BODY_COLUMN("texte", 0),
    C("du", "from", "from", V_TIME, REQ),
    C("au", "until", "until", V_TIME, REQ),
    C("priorité", "priority", "priority", V_NUMBER_WORD, REQ, .words = "normale=0,haute=1,normal=0,high=1"),
    SCOPE_COLUMN,
};

#define TYPE(folder, name, kind, id, columns, markdown)                                                      \
    { folder, name, kind, id, columns, COUNT(columns), markdown }
static const FileType file_types[] = {
    TYPE(NULL, "orgs.csv", K_org, ID_GIVEN, org_columns, false),
    TYPE(NULL, "pools.csv", K_pool, ID_GIVEN, pool_columns, false),
    TYPE(NULL, "services.csv", K_service, ID_GIVEN, service_columns, false),
    TYPE(NULL, "sites.csv", K_site, ID_GIVEN, site_columns, false),
    TYPE(NULL, "profils.csv", K_profile, ID_GIVEN, profile_columns, false),
    TYPE(NULL, "people.csv", K_person, ID_PERSON, person_columns, false),
    TYPE(NULL, "tuteurs.csv", K_tutor, ID_AGENT, tutor_columns, false),
    TYPE("livret", ".md", K_page, ID_GIVEN, page_columns, true),
    TYPE("outils", ".md", K_tool, ID_GIVEN, tool_columns, true),
    TYPE("agenda", ".csv", K_event, ID_EVENT, event_columns, false),
    TYPE("parcours", ".md", K_path, ID_GIVEN, path_columns, true),
    TYPE(NULL, "arrivees.csv", K_run, ID_RUN, run_columns, false),
    TYPE(NULL, "inscriptions.csv", K_registration, ID_REGISTRATION, registration_columns, false),
    TYPE(NULL, "rise.csv", K_rise, ID_NUMBERED, rise_columns, false),
    TYPE(NULL, "mangeurs-de-temps.csv", K_time_eater, ID_GIVEN, time_eater_columns, false),
    TYPE(NULL, "idees.csv", K_idea, ID_NUMBERED, idea_columns, false),
    TYPE(NULL, "annonces.csv", K_notice, ID_NUMBERED, notice_columns, false),
};
static const FileType step_type = TYPE(NULL, "", K_step, ID_STEP, step_columns, true);

size_t file_type_count(void) {
    return COUNT(file_types);
}

const FileType *file_type_at(size_t index) {
    return &file_types[index];
}

const FileType *file_type_of_steps(void) {
    return &step_type;
}

static void split_path(Str path, Str *folder, Str *base) {
    size_t cut = path.len;
    while (cut > 0 && path.at[cut - 1] != '/') cut--;
    *base = str_skip(path, cut);
    *folder = str_first(path, cut ? cut - 1 : 0);
    for (size_t i = folder->len; i > 0; i--)
        if (folder->at[i - 1] == '/') {
            *folder = str_skip(*folder, i);
            break;
        }
}

const FileType *file_type_of_name(Str name) {
    Str folder, base;
    split_path(name, &folder, &base);
    for (size_t i = 0; i < COUNT(file_types); i++) {
        const FileType *type = &file_types[i];
        if (type->folder ? str_is(folder, type->folder) && str_ends(base, str_of(type->name))
                         : str_is(base, type->name))
            if (type->folder || folder.len == 0) return type;
    }
    return NULL;
}

const FileType *file_type_of_kind(Kind kind) {
    for (size_t i = 0; i < COUNT(file_types); i++)
        if (file_types[i].kind == kind) return &file_types[i];
    return kind == K_step ? &step_type : NULL;
}

Str name_fold(Arena *arena, Str name) {
    Str folded = utf8_fold(arena, name);
    char *out = arena_alloc(arena, folded.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < folded.len; i++) {
        char c = folded.at[i];
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) out[len++] = c;
    }
    return (Str){out, len};
}

static bool folds_to(Arena *arena, const char *name, Str folded) {
    return name && str_equal(name_fold(arena, str_of(name)), folded);
}

static bool is_language(Str lang) {
    return lang.len == 2 && lang.at[0] >= 'a' && lang.at[0] <= 'z' && lang.at[1] >= 'a' && lang.at[1] <= 'z';
}

const Column *column_of_name(const FileType *type, Arena *arena, Str name, Str *lang) {
    *lang = (Str){0};
    if (name.len > 3 && name.at[name.len - 3] == '.' && is_language(str_skip(name, name.len - 2))) {
        *lang = str_skip(name, name.len - 2);
        name = str_first(name, name.len - 3);
    }
    Str folded = name_fold(arena, name);
    for (size_t i = 0; i < type->column_count; i++) {
        const Column *column = &type->columns[i];
        if (lang->at && !(column->flags & COL_TRANSLATES)) continue;
        if (folds_to(arena, column->french, folded) || folds_to(arena, column->english, folded))
            return column;
    }
    return NULL;
}

const Column *column_of_field(const FileType *type, const char *field) {
    for (size_t i = 0; i < type->column_count; i++)
        if (type->columns[i].field && strcmp(type->columns[i].field, field) == 0) return &type->columns[i];
    return NULL;
}

const Column *column_of_type(const FileType *type, ValueType value) {
    for (size_t i = 0; i < type->column_count; i++)
        if (type->columns[i].type == value) return &type->columns[i];
    return NULL;
}

enum { NEAR_NAME_MAX = 40 };

/* Levenshtein; names longer than NEAR_NAME_MAX are never near. */
static size_t name_distance(Str a, Str b) {
    size_t row[NEAR_NAME_MAX + 1];
    if (a.len > NEAR_NAME_MAX || b.len > NEAR_NAME_MAX) return SIZE_MAX;
    for (size_t j = 0; j <= b.len; j++) row[j] = j;
    for (size_t i = 1; i <= a.len; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            size_t best = diagonal + (a.at[i - 1] != b.at[j - 1]);
            if (row[j] + 1 < best) best = row[j] + 1;
            if (row[j - 1] + 1 < best) best = row[j - 1] + 1;
            diagonal = row[j];
            row[j] = best;
        }
    }
    return row[b.len];
}

const char *column_nearest(const FileType *type, Arena *arena, Str name) {
    Str folded = name_fold(arena, name);
    size_t best = folded.len / 2 < 3 ? folded.len / 2 + 1 : 4;
    const char *nearest = NULL;
    for (size_t i = 0; i < type->column_count; i++) {
        const char *names[] = {type->columns[i].french, type->columns[i].english};
        for (size_t j = 0; j < COUNT(names); j++) {
            size_t distance = name_distance(folded, name_fold(arena, str_of(names[j])));
            if (distance >= best) continue;
            best = distance;
            nearest = names[j];
        }
    }
    return nearest;
}

Str word_english(Arena *arena, const char *words, Str written) {
    Str rest = str_of(words), pair, french, folded = name_fold(arena, written);
    while (str_cut(&rest, ',', &pair)) {
        (void)str_cut(&pair, '=', &french);
        if (str_equal(french, written) || str_equal(pair, written)) return pair;
    }
    rest = str_of(words);
    while (str_cut(&rest, ',', &pair)) {
        (void)str_cut(&pair, '=', &french);
        if (str_equal(name_fold(arena, french), folded) || str_equal(name_fold(arena, pair), folded))
            return pair;
    }
    return (Str){0};
}

Str word_french(const char *words, Str english) {
    Str rest = str_of(words), pair, french;
    while (str_cut(&rest, ',', &pair)) {
        (void)str_cut(&pair, '=', &french);
        if (str_equal(pair, english)) return french;
    }
    return english;
}

Str words_list(Arena *arena, const char *words) {
    Str rest = str_of(words), pair, french, list = {0};
    while (str_cut(&rest, ',', &pair)) {
        (void)str_cut(&pair, '=', &french);
        list = list.at ? str_print(arena, "%.*s, %.*s", STR_FORMAT(list), STR_FORMAT(french)) : french;
    }
    return list;
}
