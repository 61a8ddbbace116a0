/* Every statement of the PostgreSQL store as psql can explain it: `NAME: EXPLAIN EXECUTE …`, for plans.sh. */
#include "syncd/hub/store_postgres.def"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *name, *sql;
} statements[] = {
#define ROW(name, sql) {#name, sql},
    PG_SQL(ROW)};

static const char *const scans[] = PG_SCANS;

static int parameters_of(const char *sql) {
    int most = 0;
    for (const char *at = strchr(sql, '$'); at; at = strchr(at + 1, '$'))
        if (at[1] - '0' > most) most = at[1] - '0';
    return most;
}

static int has_plan(const char *sql) {
    static const char *const verbs[] = {"SELECT", "INSERT", "UPDATE", "DELETE", "WITH"};
    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
        if (strncmp(sql, verbs[i], strlen(verbs[i])) == 0) return 1;
    return 0;
}

static void explain(const char *name, const char *sql) {
    int parameters = parameters_of(sql);
    printf("\\echo statement %s\nPREPARE %s AS %s;\nEXPLAIN EXECUTE %s", name, name, sql, name);
    for (int i = 0; i < parameters; i++) printf(i ? ", NULL" : "(NULL");
    printf("%s;\n", parameters ? ")" : "");
}

int main(void) {
    printf(
        "SET search_path TO relais; SET plan_cache_mode TO force_generic_plan; SET enable_seqscan TO off;\n");
    for (size_t i = 0; i < sizeof(scans) / sizeof(scans[0]); i++) printf("\\echo planned %s\n", scans[i]);
    for (size_t i = 0; i < sizeof(statements) / sizeof(statements[0]); i++)
        if (has_plan(statements[i].sql)) explain(statements[i].name, statements[i].sql);
    explain("by_event_starts", "SELECT id, scope, seq, doc FROM record WHERE kind='event'"
                               " AND (doc::json->>'starts') COLLATE \"C\"=$1 AND id>$2 ORDER BY id LIMIT $3");
    return 0;
}
