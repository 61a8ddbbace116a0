/* What an import takes, changes, leaves alone and refuses: strings in, records and reports out. */
#include "tests/harness/check.h"
#include "tests/harness/content_world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ORGS                                                                                                 \
    "identifiant;nom;nom court;type;couleur\norleans;Ville "                                                 \
    "d’Orléans;Orléans;ville;#0B5266\nolivet;Olivet;Olivet;commune;#8A3318\n"
#define SERVICES "identifiant;collectivité;nom\nvoirie;orleans;Voirie\n"
#define PEOPLE                                                                                               \
    "matricule;collectivité;service;nom;badges;code\n10;orleans;voirie;Nadia "                              \
    "B.;0013748911;270418\n11;orleans;;Luc T.;;\n"
#define AGENDA_NAMES "uid;type;titre;début;fin;lieu;collectivité;places;portée\n"
#define EVENT "e1;ixpresso;Réunion;J+12 10:00;J+12 12:00;Salle;orleans;1;public\n"
#define PAGE                                                                                                 \
    "---\nid: badge\ntitre: Mon badge\nportée: public\nchapitre: Bases\nordre: 1\n---\n\n## Où\n\nAu "     \
    "hall.\n"

typedef struct Given {
    const char *name, *text;
} Given;

typedef struct Fixture {
    ContentWorld world;
    ContentPlan *plan;
    bool partial, dry;
    const char *base_date, *owner, *scope;
} Fixture;

static int setup(void **state) {
    Fixture *fixture = calloc(1, sizeof *fixture);
    content_world_open(&fixture->world);
    fixture->base_date = "2026-11-24";
    *state = fixture;
    return 0;
}

static int teardown(void **state) {
    Fixture *fixture = *state;
    content_world_close(&fixture->world);
    free(fixture);
    return 0;
}

static void import_files(Fixture *fixture, const ContentFile *files, size_t count) {
    ContentRequest *request = arena_alloc(fixture->world.arena, sizeof *request);
    *request = (ContentRequest){.files = files,
                                .file_count = count,
                                .owner = str_of(fixture->owner),
                                .scope = str_of(fixture->scope),
                                .base_date = str_of(fixture->base_date),
                                .partial = fixture->partial};
    fixture->plan = content_world_import(&fixture->world, request, fixture->dry);
}

static void import_given(Fixture *fixture, const Given *given, size_t count) {
    ContentFile *files = ARENA_ARRAY(fixture->world.arena, ContentFile, count);
    for (size_t i = 0; i < count; i++) files[i] = (ContentFile){str_of(given[i].name), str_of(given[i].text)};
    import_files(fixture, files, count);
}

static void import_one(Fixture *fixture, const char *name, const char *text) {
    import_given(fixture, &(Given){name, text}, 1);
}

/* "created changed unchanged removed" of all files. */
static void check_counts(const Fixture *fixture, const char *expected) {
    int sums[4] = {0};
    char text[64];
    for (size_t i = 0; i < content_file_count(fixture->plan); i++) {
        const ContentFileReport *report = content_file_report(fixture->plan, i);
        sums[0] += report->created, sums[1] += report->changed, sums[2] += report->unchanged,
            sums[3] += report->removed;
    }
    (void)snprintf(text, sizeof text, "%d %d %d %d", sums[0], sums[1], sums[2], sums[3]);
    assert_string_equal(text, expected);
}

/* "file:line:column code field|value" of the first error. */
static Str first_error(const Fixture *fixture) {
    for (size_t i = 0; i < content_file_count(fixture->plan); i++) {
        const ContentFileReport *report = content_file_report(fixture->plan, i);
        if (report->error_count == 0) continue;
        const ContentError *error = &report->errors[0];
        return str_print(fixture->world.arena, "%.*s:%d:%d %s %.*s|%.*s", STR_FORMAT(report->name),
                         error->line, error->column, error->code, STR_FORMAT(error->field),
                         STR_FORMAT(error->value));
    }
    return STR("");
}

static void check_error(const Fixture *fixture, const char *expected) {
    check_text(first_error(fixture), expected);
}

static void check_doc(Fixture *fixture, Kind kind, const char *id, const char *part) {
    Str doc = content_world_doc(&fixture->world, kind, id);
    check(doc.at != NULL);
    check_contains(str_cstr(fixture->world.arena, doc), part);
}

static void import_base(Fixture *fixture) {
    static const Given base[] = {{"orgs.csv", ORGS}, {"services.csv", SERVICES}, {"people.csv", PEOPLE}};
    bool partial = fixture->partial, dry = fixture->dry;
    fixture->partial = fixture->dry = false;
    import_given(fixture, base, COUNT(base));
    check_error(fixture, "");
    check_counts(fixture, "5 0 0 0");
    fixture->partial = partial, fixture->dry = dry;
}

/* ---- what is taken ---- */
static void twice_is_once(void **state) {
    Fixture *fixture = *state;
    import_base(fixture);
    uint64_t digest = memory_records_digest(fixture->world.memory);
    int hashed = fixture->world.slow_hashes;
    check_int(hashed, 2);
    const Given again[] = {{"people.csv", PEOPLE}, {"services.csv", SERVICES}, {"orgs.csv", ORGS}};
    import_given(fixture, again, COUNT(again));
    check_counts(fixture, "0 0 5 0");
    check_int(fixture->world.slow_hashes, hashed);
    check(memory_records_digest(fixture->world.memory) == digest);
}

static void dry_run_changes_nothing(void **state) {
    Fixture *fixture = *state;
    uint64_t digest = memory_records_digest(fixture->world.memory);
    fixture->dry = true;
    import_one(fixture, "orgs.csv", ORGS);
    check_counts(fixture, "2 0 0 0");
    check(memory_records_digest(fixture->world.memory) == digest);
    check_int(fixture->world.note_count, 0);
}

static void encodings_are_one(void **state) {
    Fixture *fixture = *state;
    import_one(fixture, "orgs.csv", ORGS);
    import_one(fixture, "services.csv",
               "identifiant;collectivit\xE9;nom\nvoirie;orleans;Propret\xE9 \x96 voirie\n");
    check_error(fixture, "");
    check_doc(fixture, K_service, "voirie", "\"name\":\"Propreté – voirie\"");
    import_one(fixture, "services.csv", "\xEF\xBB\xBFid,org,name\r\nvoirie,orleans,Propreté – voirie\r\n");
    check_error(fixture, "");
    check_counts(fixture, "0 0 1 0");
    import_one(fixture, "services.csv",
               "Identifiant\tCOLLECTIVITE\tNom\rvoirie\torleans\tProprete\xCC\x81 – voirie\r");
    check_error(fixture, "");
    check_counts(fixture, "0 0 1 0");
}

static void quotes_hold_lines(void **state) {
    Fixture *fixture = *state;
    import_one(fixture, "mangeurs-de-temps.csv",
               "identifiant;titre;description;portée\r\n"
               "mails;Les courriels;\"Ligne un ;\r\n\"\"deux\"\"\";public\r\n"
               "\r\nreu;Réunions;;nulle-part\r\n");
    check_error(fixture, "mangeurs-de-temps.csv:5:4 scope portée|nulle-part");
    fixture->partial = true;
    import_one(fixture, "mangeurs-de-temps.csv",
               "identifiant;titre;description;portée\r\nmails;Les courriels;\"Ligne un "
               ";\r\n\"\"deux\"\"\";public\r\n");
    check_doc(fixture, K_time_eater, "mails", "\"body\":\"Ligne un ;\\n\\\"deux\\\"\"");
}

static void empty_cells_are_absent(void **state) {
    Fixture *fixture = *state;
    import_base(fixture);
    import_one(fixture, "sites.csv", "identifiant;collectivité;nom;adresse\ns1;orleans;Hall;Place\n");
    check_doc(fixture, K_site, "s1", "\"address\":\"Place\"");
    import_one(fixture, "sites.csv", "identifiant;collectivité;nom\ns1;orleans;Hall\n");
    check_counts(fixture, "0 0 1 0"); /* a column that is not there is left alone */
    import_one(fixture, "sites.csv", "identifiant;collectivité;nom;adresse\ns1;orleans;Hall;\n");
    check_counts(fixture, "0 1 0 0");
    check(str_find(content_world_doc(&fixture->world, K_site, "s1"), STR("address")) < 0);
}

static void translations_stand_beside(void **state) {
    Fixture *fixture = *state;
    import_base(fixture);
    import_one(fixture, "sites.csv", "identifiant;collectivité;nom;nom.en\ns1;orleans;Hall;Lobby\n");
    check_doc(fixture, K_site, "s1", "\"tr\":{\"en\":{\"name\":\"Lobby\"}}");
    import_one(fixture, "sites.csv", "identifiant;collectivité;nom;nom.en\ns1;orleans;Hall;\n");
    check(str_find(content_world_doc(&fixture->world, K_site, "s1"), STR("\"tr\"")) < 0);
}

static void owner_and_scope_fill_in(void **state) {
    Fixture *fixture = *state;
    import_base(fixture);
    fixture->owner = "olivet", fixture->scope = "org:olivet";
    import_one(fixture, "idees.csv", "numéro;texte;état\n1;Une idée;visible\n2;Une autre;nouvelle\n");
    check_error(fixture, "");
    check_counts(fixture, "2 0 0 0");
    StoredRecord *ideas;
    size_t count;
    Err err = {0};
    RecordsQuery query = {.kind = K_idea, .limit = 10};
    check_ok(fixture->world.records->verbs->list(fixture->world.records, &query, fixture->world.arena, &ideas,
                                                 &count, &err));
    check_int(count, 2);
    for (size_t i = 0; i < count; i++) {
        bool is_new = str_find(ideas[i].doc, STR("\"state\":\"new\"")) >= 0;
        check_text(ideas[i].scope, is_new ? "hub" : "org:olivet");
        check_contains(str_cstr(fixture->world.arena, ideas[i].doc), "\"org\":\"olivet\"");
    }
}

/* ---- dates ---- */
static const char *event_key(Fixture *fixture) {
    StoredRecord *events;
    size_t count;
    Err err = {0};
    RecordsQuery query = {.kind = K_event, .limit = 10};
    check_ok(fixture->world.records->verbs->list(fixture->world.records, &query, fixture->world.arena,
                                                 &events, &count, &err));
    check_int(count, 1);
    return str_cstr(fixture->world.arena, events[0].id);
}

static void days_are_kept(void **state) {
    Fixture *fixture = *state;
    import_base(fixture);
    import_one(fixture, "agenda/a.csv", AGENDA_NAMES EVENT);
    check_error(fixture, "");
    const char *id = event_key(fixture);
    check_doc(fixture, K_event, id, "\"starts\":1796547600000"); /* 2026-12-06 10:00 Europe/Paris */
    fixture->base_date = "2027-03-01";
    import_one(fixture, "agenda/a.csv", AGENDA_NAMES EVENT);
    check_counts(fixture, "0 0 1 0");
    import_one(fixture, "agenda/a.csv",
               AGENDA_NAMES "e1;ixpresso;Réunion;J+13 10:00;J+13 12:00;Salle;orleans;1;public\n");
    check_counts(fixture, "0 1 0 0");
    check_doc(fixture, K_event, id,
              "\"starts\":1796634000000"); /* one day later than it was, not than today */
    import_one(fixture, "agenda/b.csv",
               AGENDA_NAMES "e2;rise;Autre;J+1 10:00;J+1 12:00;Salle;orleans;1;public\n");
    check_counts(fixture, "1 0 0 0");
}

static void summer_and_winter(void **state) {
    Fixture *fixture = *state;
    import_base(fixture);
    import_one(fixture, "agenda/a.csv",
               AGENDA_NAMES "e1;ixpresso;Été;01/07/2027 10:00;2027-07-01T12:00;Salle;orleans;;public\n");
    check_error(fixture, "");
    check_doc(fixture, K_event, event_key(fixture), "\"ends\":1814436000000,");
    check_doc(fixture, K_event, event_key(fixture), "\"starts\":1814428800000,");
    import_one(fixture, "agenda/b.csv",
               AGENDA_NAMES "e2;ixpresso;Nuit;2027-03-28 02:30;2027-03-28 04:00;Salle;orleans;;public\n");
    check_error(fixture, "agenda/b.csv:2:4 time début|2027-03-28 02:30");
    import_one(fixture, "agenda/b.csv",
               "uid;type;titre;début;fin;fuseau;lieu;collectivité;portée\n"
               "e3;rise;Loin;2027-07-01 10:00;2027-07-01 11:00;Indian/Reunion;Salle;orleans;public\n");
    check_error(fixture, "");
}

/* ---- what belongs together ---- */
#define QUOTA_NAMES "uid;type;titre;début;fin;lieu;collectivité;places;quotas;portée\n"
#define QUOTA_EVENT "e1;ixpresso;Réunion;J+1 10:00;J+1 12:00;Salle;orleans;10;"

static void quotas_follow_their_event(void **state) {
    Fixture *fixture = *state;
    import_base(fixture);
    import_one(fixture, "agenda/a.csv", QUOTA_NAMES QUOTA_EVENT "orleans:4,olivet:2;public\n");
    check_error(fixture, "");
    check_counts(fixture, "3 0 0 0");
    import_one(fixture, "agenda/a.csv", QUOTA_NAMES QUOTA_EVENT "orleans:5;org:orleans\n");
    check_counts(fixture, "0 2 0 1");
    Str id = id_join(fixture->world.arena, str_of(event_key(fixture)), STR("orleans"));
    check_text(content_world_scope(&fixture->world, K_quota, str_cstr(fixture->world.arena, id)),
               "org:orleans");
}

#define PATH_HEAD "---\nid: bureau\ntitre: Bureau\nportée: public\nprofil: Bureau\nrésumé: Le bureau\n---\n"
#define STEP_NAMES "| n° | étape | qui | type | page | obligatoire |\n|---|---|---|---|---|---|\n"

static void steps_come_and_go(void **state) {
    Fixture *fixture = *state;
    const Given both[] = {{"livret/badge.md", PAGE},
                          {"parcours/b.md",
                           PATH_HEAD "## Premier jour\n\n" STEP_NAMES
                                     "| 4 | Badge, hall \\| guichet | moi | démarche | badge | oui |\n"
                                     "## 30 jours\n" STEP_NAMES "| 9 | Bilan | RH | rencontre | | non |\n"}};
    import_given(fixture, both, COUNT(both));
    check_error(fixture, "");
    check_counts(fixture, "4 0 0 0");
    check_doc(fixture, K_step, "bureau~4",
              "\"anchor\":\"day1\",\"mandatory\":true,\"order\":4,\"page\":\"badge\"");
    check_doc(fixture, K_step, "bureau~4", "\"title\":\"Badge, hall | guichet\"");
    check_doc(fixture, K_step, "bureau~9", "\"anchor\":\"d30\",\"mandatory\":false");
    import_one(fixture, "parcours/b.md",
               PATH_HEAD "## 30 jours\n" STEP_NAMES "| 9 | Bilan | RH | rencontre | | non |\n");
    check_counts(fixture, "0 0 2 1");
    check(!content_world_doc(&fixture->world, K_step, "bureau~4").at);
}

static void runs_and_ticks(void **state) {
    static const char *arrivals =
        "collectivité;matricule;parcours;début;parrainage;étapes faites\norleans;10;bureau;J-3;11;9\n";
    Fixture *fixture = *state;
    import_base(fixture);
    import_one(fixture, "parcours/b.md",
               PATH_HEAD "## 30 jours\n" STEP_NAMES "| 9 | Bilan | RH | rencontre | | non |\n");
    import_one(fixture, "arrivees.csv", arrivals);
    check_error(fixture, "");
    check_counts(fixture, "2 0 0 0");
    import_one(fixture, "arrivees.csv", arrivals);
    check_counts(fixture, "0 0 2 0");
    import_one(fixture, "arrivees.csv",
               "collectivité;matricule;parcours;début;étapes faites\norleans;10;bureau;J-3;8\n");
    check_error(fixture, "arrivees.csv:2:5 unknown étapes faites|8");
}

static void registrations_are_judged(void **state) {
    static const char *lines = "événement;collectivité;matricule;faite le\n"
                               "e1;orleans;10;J+0 09:00\ne1;orleans;11;J+0 09:05\n";
    Fixture *fixture = *state;
    import_base(fixture);
    import_one(fixture, "agenda/a.csv", AGENDA_NAMES EVENT);
    import_one(fixture, "inscriptions.csv", lines);
    check_error(fixture, "");
    check_counts(fixture, "2 0 0 0");
    check_doc(fixture, K_seats, event_key(fixture), "\"taken\":1,\"waiting\":1");
    import_one(fixture, "inscriptions.csv", lines);
    check_counts(fixture, "0 0 2 0");
    import_one(fixture, "inscriptions.csv",
               "événement;collectivité;matricule;faite le\nnulle;orleans;10;J+0 09:00\n");
    check_error(fixture, "inscriptions.csv:2:1 unknown événement|nulle");
}

static void late_registrations_undo_their_file(void **state) {
    static const char *lines = "événement;collectivité;matricule;faite le\n"
                               "e1;orleans;10;J+0 09:00\ne1;orleans;11;J+30 09:00\n";
    Fixture *fixture = *state;
    import_base(fixture);
    import_one(fixture, "agenda/a.csv", AGENDA_NAMES EVENT);
    import_one(fixture, "inscriptions.csv", lines);
    check_error(fixture, "inscriptions.csv:3:1 already_started événement|e1");
    check_counts(fixture, "0 0 0 0");
    check_int(content_world_count(&fixture->world, K_registration), 0);
    check_int(content_world_count(&fixture->world, K_seats), 0);
    fixture->partial = true;
    import_one(fixture, "inscriptions.csv", lines);
    check_counts(fixture, "1 0 0 0");
    check_doc(fixture, K_seats, event_key(fixture), "\"taken\":1");
}

static void counts_are_a_start(void **state) {
    Fixture *fixture = *state;
    import_base(fixture);
    import_one(fixture, "mangeurs-de-temps.csv",
               "identifiant;titre;nombre;portée\nm;Mails;orleans:4,olivet:2;public\n");
    check_doc(fixture, K_time_eater, "m", "\"by_org\":{\"olivet\":2,\"orleans\":4},\"count\":6");
    import_one(fixture, "mangeurs-de-temps.csv",
               "identifiant;titre;nombre;portée\nm;Mails;orleans:9;public\n");
    check_counts(fixture, "0 0 1 0");
}

static void secrets_are_hashed(void **state) {
    Fixture *fixture = *state;
    import_base(fixture);
    StoredRecord *people;
    size_t count;
    Err err = {0};
    RecordsQuery query = {.kind = K_person, .limit = 10};
    check_ok(fixture->world.records->verbs->list(fixture->world.records, &query, fixture->world.arena,
                                                 &people, &count, &err));
    check_int(count, 2);
    for (size_t i = 0; i < count; i++) {
        check(str_find(people[i].doc, STR("0013748911")) < 0);
        check(str_find(people[i].doc, STR("270418")) < 0);
        check_text(people[i].scope, "org:orleans");
    }
    for (size_t i = 0; i < fixture->world.note_count; i++)
        check(str_find(fixture->world.notes[i].value, STR("270418")) < 0);
    import_one(fixture, "people.csv", "matricule;collectivité;nom;code\n10;orleans;Nadia B.;12345\n");
    check_error(fixture, "people.csv:2:4 code code|"); /* never shown */
    import_one(fixture, "people.csv", "matricule;collectivité;nom;code\n10;orleans;Nadia B.;999999\n");
    check_counts(fixture, "0 1 0 0");
}

static ContentPlan *plan_people(Fixture *fixture, const ContentRequest *request) {
    ContentPlan *plan;
    Err err = {0};
    fixture->world.hashes_max = fixture->world.slow_hashes + 2;
    check_ok(content_plan(fixture->world.arena, request, fixture->world.records, &fixture->world.hub, &plan,
                          &err));
    return plan;
}

static void secrets_are_hashed_in_turns(void **state) {
    Fixture *fixture = *state;
    Err err = {0};
    ContentFile file = {STR("people.csv"),
                        STR("matricule;collectivité;nom;badges;code\n10;orleans;A;1111,2222;111111\n"
                            "11;orleans;B;3333;222222\n12;orleans;C;;333333\n")};
    ContentRequest request = {.files = &file, .file_count = 1, .base_date = STR("2026-11-24")};
    import_one(fixture, "orgs.csv", ORGS);
    int turns = 0;
    ContentPlan *plan = plan_people(fixture, &request);
    for (; content_pending(plan) > 0; plan = plan_people(fixture, &request)) {
        check(turns++ < 5);
        check_int(content_world_count(&fixture->world, K_person), 0);
        check_ok(content_keep_hashes(plan, &fixture->world.hub, &err));
    }
    check_int(turns, 2);
    check_int(fixture->world.slow_hashes, 6); /* each once */
    check_ok(content_apply(plan, fixture->world.records, &fixture->world.hub, &err));
    check_int(content_world_count(&fixture->world, K_person), 3);
    import_files(fixture, &file, 1);
    check_counts(fixture, "0 0 3 0");
    check_int(fixture->world.slow_hashes, 6);
}

static void pictures_become_blobs(void **state) {
    Fixture *fixture = *state;
    const Given files[] = {
        {"images/a.svg", "<svg/>"},
        {"livret/badge.md",
         PAGE "\n![Un badge](../images/a.svg \"titre\")\n\n`![x](y.svg)`\n\n```\n![x](z.svg)\n```\n"}};
    import_given(fixture, files, COUNT(files));
    check_error(fixture, "");
    check_int(fixture->world.blob_count, 1);
    check_int(fixture->world.blobs[0].len, 64);
    check_doc(fixture, K_page, "badge",
              str_cstr(fixture->world.arena, str_print(fixture->world.arena, "![Un badge](blob:%.*s ",
                                                       STR_FORMAT(fixture->world.blobs[0]))));
    check_doc(fixture, K_page, "badge", "![x](z.svg)");
    import_given(fixture, files, COUNT(files));
    check_counts(fixture, "0 0 1 0");
}

/* ---- what is refused ---- */
typedef struct Wrong {
    const char *name, *text, *error;
} Wrong;

static const Wrong wrongs[] = {
    {"services.csv", "identifiant;colectivite;nom\nx;orleans;X\n",
     "services.csv:1:2 unknown_column colectivite|colectivite"},
    {"services.csv", "identifiant;nom\nx;X\n", "services.csv:1:1 missing_column collectivité|"},
    {"services.csv", "identifiant;collectivité;nom;nom\nx;orleans;X;Y\n",
     "services.csv:1:4 repeated nom|nom"},
    {"services.csv", "identifiant;collectivité;nom\nx;orleans\n", "services.csv:2:3 cells |"},
    {"services.csv", "identifiant;collectivité;nom\nx;orleans;X;Y\n", "services.csv:2:4 cells |"},
    {"services.csv", "identifiant;collectivité;nom\nx;orleans;\n", "services.csv:2:3 missing nom|"},
    {"services.csv", "identifiant;collectivité;nom\n\nx y;orleans;X\n",
     "services.csv:3:1 id identifiant|x y"},
    {"services.csv", "identifiant;collectivité;nom\nx;rome;X\n",
     "services.csv:2:2 unknown collectivité|rome"},
    {"services.csv", "identifiant;collectivité;nom\nx;orleans;X\nx;orleans;Y\n",
     "services.csv:3:1 twice identifiant|x"},
    {"services.csv", "identifiant;collectivité;nom\nx;orleans;\"X\" Y\n", "services.csv:2:3 quotes |Y\n"},
    {"services.csv", "identifiant;collectivité;nom\nx;orleans;\"X\n\n", "services.csv:2:3 quotes |"},
    {"services.csv", "", "services.csv:1:0 empty |"},
    {"services.csv", "PK\x03\x04zip", "services.csv:0:0 spreadsheet |"},
    {"services.csv", "\xFF\xFEi", "services.csv:0:0 utf16 |"},
    {"services.csv", "identifiant;collectivité;nom;\nx;orleans;X;quoi\n", "services.csv:2:4 unnamed |quoi"},
    {"orgs.csv", "identifiant;nom;nom court;type;couleur\nx;X;X;village;#000000\n",
     "orgs.csv:2:4 word type|village"},
    {"orgs.csv", "identifiant;nom;nom court;type;couleur\nx;X;X;ville;bleu\n",
     "orgs.csv:2:5 colour couleur|bleu"},
    {"orgs.csv", "identifiant;nom;nom court;type;couleur;logo\nx;X;X;ville;#000000;../a.svg\n",
     "orgs.csv:2:6 outside logo|../a.svg"},
    {"orgs.csv", "identifiant;nom;nom court;type;couleur;logo\nx;X;X;ville;#000000;images/a.svg\n",
     "orgs.csv:2:6 no_file logo|images/a.svg"},
    {"agenda/a.csv", AGENDA_NAMES "e;rise;T;demain;J+1 12:00;L;orleans;;public\n",
     "agenda/a.csv:2:4 date début|demain"},
    {"agenda/a.csv", AGENDA_NAMES "e;rise;T;J+1;J+1 12:00;L;orleans;;public\n",
     "agenda/a.csv:2:4 time début|J+1"},
    {"agenda/a.csv", AGENDA_NAMES "e;rise;T;2026-02-30 10:00;J+1 12:00;L;orleans;;public\n",
     "agenda/a.csv:2:4 date début|2026-02-30 10:00"},
    {"agenda/a.csv", AGENDA_NAMES "e;rise;T;J+1 12:00;J+1 10:00;L;orleans;;public\n",
     "agenda/a.csv:2:5 order fin|J+1 10:00"},
    {"agenda/a.csv", AGENDA_NAMES "e;rise;T;J+1 10:00;J+1 12:00;L;orleans;douze;public\n",
     "agenda/a.csv:2:8 number places|douze"},
    {"agenda/a.csv", AGENDA_NAMES "e;rise;T;J+1 10:00;J+1 12:00;L;orleans;-1;public\n",
     "agenda/a.csv:2:8 range places|-1"},
    {"agenda/a.csv", AGENDA_NAMES "e;rise;T;J+1 10:00;J+1 12:00;L;orleans;1;pool:lune\n",
     "agenda/a.csv:2:9 unknown portée|pool:lune"},
    {"agenda/a.csv", AGENDA_NAMES ";rise;T;J+1 10:00;J+1 12:00;L;orleans;1;public\n",
     "agenda/a.csv:2:1 missing uid|"},
    {"livret/a.md", "id: x\n", "livret/a.md:1:1 no_head |id: x"},
    {"livret/a.md", "---\nid: x\n", "livret/a.md:2:1 no_head_end |"},
    {"livret/a.md", "---\nid: badge\n# rien\ntitre  Mon\n---\n", "livret/a.md:4:1 no_key |titre  Mon"},
    {"livret/a.md", "---\nid: x\ntitre: X\nportée:  moi\nchapitre: B\nordre: 1\n---\nT\n",
     "livret/a.md:4:10 scope portée|moi"},
    {"livret/a.md",
     "---\nid: x\ntitre: X\nportée: public\nchapitre: B\nordre: 1\n---\n\nUn\nété ![a](b.svg)\n",
     "livret/a.md:10:10 no_file body|b.svg"},
    {"livret/a.md", "---\nid: x\ntitre: X\nportée: public\nchapitre: B\nordre: 1\n---\n",
     "livret/a.md:7:1 missing body|"},
    {"parcours/a.md", PATH_HEAD "Bonjour\n", "parcours/a.md:8:1 not_a_step |Bonjour"},
    {"parcours/a.md", PATH_HEAD "## Demain\n" STEP_NAMES "| 1 | A | moi | à faire | | |\n",
     "parcours/a.md:8:4 word moment|Demain"},
    {"parcours/a.md", PATH_HEAD "## 30 jours\n" STEP_NAMES "| 1 | Été | toi | à faire | | |\n",
     "parcours/a.md:11:13 word qui|toi"},
    {"parcours/a.md", PATH_HEAD "## 30 jours\n" STEP_NAMES "| 1 | A | moi | à faire | lune | |\n",
     "parcours/a.md:11:27 unknown page|lune"},
    {"parcours/a.md", PATH_HEAD "## 30 jours\n" STEP_NAMES "| 1 | A | moi |\n",
     "parcours/a.md:11:11 cells |"},
    {"notes.txt", "x", "notes.txt:0:0 unknown_file |"},
    {"archives/services.csv", SERVICES, "archives/services.csv:0:0 unknown_file |"},
};

static void each_error_says_where(void **state) {
    Fixture *fixture = *state;
    import_base(fixture);
    uint64_t digest = memory_records_digest(fixture->world.memory);
    for (size_t i = 0; i < COUNT(wrongs); i++) {
        import_one(fixture, wrongs[i].name, wrongs[i].text);
        check_error(fixture, wrongs[i].error);
        check_counts(fixture, "0 0 0 0");
        check(content_file_report(fixture->plan, 0)->refused);
        check(memory_records_digest(fixture->world.memory) == digest);
    }
}

static void nul_and_long_lines(void **state) {
    Fixture *fixture = *state;
    ContentFile nul = {STR("services.csv"), STR("identifiant;collectivité;nom\nx;orleans;X\0Y\n")};
    import_files(fixture, &nul, 1);
    check_error(fixture, "services.csv:2:0 nul |");
    size_t len = 2 * 1024 * 1024;
    char *line = arena_alloc(fixture->world.arena, len);
    memset(line, 'x', len);
    memcpy(line, "identifiant;collectivité;nom\n", 30);
    ContentFile wide = {STR("services.csv"), {line, len}};
    import_files(fixture, &wide, 1);
    check_error(fixture, "services.csv:2:0 line_too_long |");
    ContentFile page = {STR("livret/a.md"),
                        str_print(fixture->world.arena, PAGE "%.*s", 200 * 1024, line + 30)};
    import_files(fixture, &page, 1);
    check_error(fixture, "livret/a.md:9:1 too_long body|");
}

static void a_refused_file_takes_those_that_need_it(void **state) {
    Fixture *fixture = *state;
    const Given files[] = {{"services.csv", SERVICES}, {"orgs.csv", ORGS "bad;Bad\n"}};
    import_given(fixture, files, COUNT(files));
    check_int(content_error_total(fixture->plan), 2);
    const ContentFileReport *services = content_file_report(fixture->plan, 1);
    check_text(services->name, "services.csv");
    check_contains(str_cstr(fixture->world.arena, services->errors[0].message),
                   "refused itself (orgs.csv, line 2)");
    check_int(content_world_count(&fixture->world, K_org), 0);
    fixture->partial = true;
    import_given(fixture, files, COUNT(files));
    check_counts(fixture, "3 0 0 0");
    check_int(content_error_total(fixture->plan), 1);
}

static void errors_are_counted_beyond_a_hundred(void **state) {
    Fixture *fixture = *state;
    AUTO(buf_free) Buf text = buf_new(1 << 20);
    buf_add_cstr(&text, "identifiant;collectivité;nom\n");
    for (int i = 0; i < 150; i++) buf_print(&text, "s%d;rome;X\n", i);
    import_one(fixture, "services.csv", text.at);
    check_int(content_error_total(fixture->plan), 150);
    check_int(content_file_report(fixture->plan, 0)->error_count, CONTENT_ERRORS_MAX);
}

static void partial_leaves_out_what_depends(void **state) {
    Fixture *fixture = *state;
    fixture->partial = true;
    import_one(fixture, "orgs.csv",
               "identifiant;nom;nom court;type;parent;couleur\n"
               "a;A;A;ville;b;#000000\nb;B;B;ville;c;#000000\nc;C;C;lune;;#000000\nd;D;D;ville;;#000000\n");
    check_counts(fixture, "1 0 0 0");
    check_int(content_error_total(fixture->plan), 3);
    check(content_world_doc(&fixture->world, K_org, "d").at != NULL);
    check(!content_world_doc(&fixture->world, K_org, "a").at);
}

static void others_are_not_mine(void **state) {
    Fixture *fixture = *state;
    import_base(fixture);
    fixture->world.only_org = "olivet";
    import_one(fixture, "services.csv", "identifiant;collectivité;nom\nx;olivet;X\ny;orleans;Y\n");
    check_error(fixture, "services.csv:3:1 denied |");
    check_int(content_world_count(&fixture->world, K_service), 1);
    import_one(fixture, "services.csv", "identifiant;collectivité;nom\nvoirie;olivet;A moi\n");
    check_error(fixture, "services.csv:2:1 denied |"); /* nor taken over */
}

static void others_are_not_registered(void **state) {
    Fixture *fixture = *state;
    import_base(fixture);
    import_one(fixture, "agenda/a.csv", AGENDA_NAMES EVENT);
    fixture->world.only_org = "olivet";
    import_one(fixture, "inscriptions.csv",
               "événement;collectivité;matricule;faite le\ne1;orleans;10;J+0 09:00\n");
    check_error(fixture, "inscriptions.csv:2:1 denied |");
    StoredRecord *people;
    size_t count;
    Err err = {0};
    RecordsQuery query = {.kind = K_person, .limit = 10};
    check_ok(fixture->world.records->verbs->list(fixture->world.records, &query, fixture->world.arena,
                                                 &people, &count, &err));
    Str text = str_print(fixture->world.arena,
                         "événement;collectivité;matricule;faite le\ne1;olivet;%.*s;J+0 09:00\n",
                         STR_FORMAT(people[0].id));
    Str error = str_print(fixture->world.arena, "inscriptions.csv:2:3 unknown matricule|%.*s",
                          STR_FORMAT(people[0].id));
    import_one(fixture, "inscriptions.csv", text.at);
    check_error(fixture, str_cstr(fixture->world.arena, error));
    check_int(content_world_count(&fixture->world, K_registration), 0);
}

static void the_store_fails(void **state) {
    Fixture *fixture = *state;
    import_base(fixture);
    ContentFile file = {STR("people.csv"), STR(PEOPLE)};
    ContentRequest request = {.files = &file, .file_count = 1, .base_date = STR("2026-11-24")};
    Err err = {0};
    ContentPlan *plan;
    for (int n = 1;; n++) {
        memory_records_fail_at(fixture->world.memory, n);
        Status status = content_plan(fixture->world.arena, &request, fixture->world.records,
                                     &fixture->world.hub, &plan, &err);
        if (!memory_records_failed(fixture->world.memory)) break;
        check_int(status, E_IO);
    }
    memory_records_fail_at(fixture->world.memory, 0);
}

static void requests_are_checked(void **state) {
    Fixture *fixture = *state;
    Err err = {0};
    ContentPlan *plan;
    ContentFile files[2] = {{STR("orgs.csv"), STR(ORGS)}, {STR("orgs.csv"), STR(ORGS)}};
    ContentRequest request = {.files = files, .file_count = 1, .base_date = STR("J+1")};
    check_status(content_plan(fixture->world.arena, &request, fixture->world.records, &fixture->world.hub,
                              &plan, &err),
                 E_INVALID);
    request.base_date = STR("2026-11-24");
    request.file_count = 2;
    check_status(content_plan(fixture->world.arena, &request, fixture->world.records, &fixture->world.hub,
                              &plan, &err),
                 E_INVALID);
    request.file_count = CONTENT_FILES_MAX + 1;
    check_status(content_plan(fixture->world.arena, &request, fixture->world.records, &fixture->world.hub,
                              &plan, &err),
                 E_TOOBIG);
}

static void report_is_json(void **state) {
    Fixture *fixture = *state;
    import_one(fixture, "orgs.csv", ORGS "x;X;X;lune;#000000\n");
    AUTO(buf_free) Buf out = buf_new(1 << 16);
    content_report_write(fixture->plan, fixture->world.arena, &out);
    check_text(
        buf_str(&out),
        "{\"changed\":0,\"created\":0,\"error_count\":1,\"files\":[{\"changed\":0,\"created\":0,\"error_"
        "count\":1,"
        "\"errors\":[{\"code\":\"word\",\"column\":4,\"field\":\"type\",\"line\":4,\"message\":\"the words "
        "are: ville, "
        "agglo, commune, autre\",\"value\":\"lune\"}],\"file\":\"orgs.csv\",\"refused\":true,\"removed\":0,"
        "\"unchanged\":0}],\"removed\":0,\"unchanged\":0}");
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
int main(void) {
    const struct CMUnitTest tests[] = {
        T(twice_is_once),
        T(dry_run_changes_nothing),
        T(encodings_are_one),
        T(quotes_hold_lines),
        T(empty_cells_are_absent),
        T(translations_stand_beside),
        T(owner_and_scope_fill_in),
        T(days_are_kept),
        T(summer_and_winter),
        T(quotas_follow_their_event),
        T(steps_come_and_go),
        T(runs_and_ticks),
        T(registrations_are_judged),
        T(late_registrations_undo_their_file),
        T(counts_are_a_start),
        T(secrets_are_hashed),
        T(secrets_are_hashed_in_turns),
        T(pictures_become_blobs),
        T(each_error_says_where),
        T(nul_and_long_lines),
        T(a_refused_file_takes_those_that_need_it),
        T(errors_are_counted_beyond_a_hundred),
        T(partial_leaves_out_what_depends),
        T(others_are_not_mine),
        T(others_are_not_registered),
        T(the_store_fails),
        T(requests_are_checked),
        T(report_is_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
