/* syncd admin --hub URL --token-file F WORD … */
#include "syncd/admin.h"

#include "syncd/command.h"

#include <string.h>

#define ADMIN_ROW(...) CONFIG_ROW(AdminSettings, __VA_ARGS__)
static const ConfigOption admin_options[] = {ADMIN_OPTIONS(ADMIN_ROW)};
static const ConfigCommand admin_command = {
    "syncd",
    "admin",
    "administer a running hub",
    "status | devices\n\napprove CODE --site ID --name NAME | revoke DEVICE [--stolen]\n\n"
    "get KIND ID | put KIND ID FILE | delete KIND ID\n\n"
    "import PATH… [--dry-run] [--partial] [--owner ORG] [--scope SCOPE] [--base-date DATE]\n\n"
    "export KIND|all [--format json|csv|md] --out PATH",
    admin_options,
    COUNT(admin_options),
    "/etc/relais-ix/syncd.ini"};

typedef struct Verb {
    const char *name;
    size_t least, most; /* words behind it */
    const char *words;
    Status (*run)(Admin *admin, Err *err);
} Verb;

enum { MANY = 100000 };
static const Verb verbs[] = {
    {"status", 0, 0, "", admin_status},
    {"devices", 0, 0, "", admin_devices},
    {"approve", 1, 1, "CODE --site ID --name NAME", admin_approve},
    {"revoke", 1, 1, "DEVICE [--stolen]", admin_revoke},
    {"get", 2, 2, "KIND ID", admin_get},
    {"put", 3, 3, "KIND ID FILE", admin_put},
    {"delete", 2, 2, "KIND ID", admin_delete},
    {"import", 1, MANY, "PATH…", admin_import},
    {"export", 1, 1, "KIND|all --out PATH", admin_export},
};

static const Verb *find_verb(const char *name) {
    for (size_t i = 0; i < COUNT(verbs); i++)
        if (strcmp(verbs[i].name, name) == 0) return &verbs[i];
    return NULL;
}

static Status run_verb(const Verb *verb, const AdminSettings *settings, Arena *arena, Err *err) {
    AUTO(http_client_close_auto) HttpClient *client = NULL;
    HttpClientOptions options = {
        .url = settings->hub, .token = settings->token, .allow_plain = settings->insecure_lan};
    TRY(http_client_open(&client, &options, err));
    Admin admin = {.settings = settings, .client = client, .arena = arena};
    return verb->run(&admin, err);
}

int cmd_admin(int argc, char **argv) {
    AdminSettings settings;
    int exit_status = EXIT_DONE;
    Err err = {0};
    AUTO(arena_close_auto) Arena *arena = arena_open();
    if (!config_start(&admin_command, argc, argv, arena, &settings, &exit_status)) return exit_status;
    const Verb *verb = find_verb(settings.verb);
    if (!verb)
        return config_fail_usage(&admin_command, "“%s” is no word of admin; --help lists them",
                                 settings.verb);
    if (settings.words.count < verb->least || settings.words.count > verb->most)
        return config_fail_usage(&admin_command, "usage: syncd admin … %s %s", verb->name, verb->words);
    if (!settings.token) return config_fail_usage(&admin_command, "--token-file is missing");
    Status status = run_verb(verb, &settings, arena, &err);
    return status == OK ? EXIT_DONE : config_fail(&admin_command, &err);
}

/* ---- for all words ---- */
Status admin_call(Admin *admin, const HttpCall *call, HttpAnswer *out, Err *err) {
    TRY(http_client_call(admin->client, call, admin->arena, out, err));
    return http_answer_check(out, err);
}

Status admin_get_json(Admin *admin, const char *path, Json **out, Str *raw, Err *err) {
    HttpAnswer answer;
    HttpCall call = {.method = "GET", .path = path};
    TRY(admin_call(admin, &call, &answer, err));
    if (raw) *raw = answer.body;
    return json_parse(admin->arena, answer.body, out, err);
}

const char *admin_record_path(Admin *admin, const char *kind, const char *id) {
    Arena *arena = admin->arena;
    Str head = str_print(arena, "/v1/records/%.*s", STR_FORMAT(http_encode(arena, str_of(kind))));
    if (!id) return head.at;
    return str_print(arena, "%.*s/%.*s", STR_FORMAT(head), STR_FORMAT(http_encode(arena, str_of(id)))).at;
}
