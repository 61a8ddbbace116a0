/* Who acts, for whom, and whether they may. */
#pragma once

#include "common/rules/rule.h"

typedef struct Acting {
    Str person, org;  /* for whom: whose record changes, and its scope org:<org> */
    bool for_another; /* by somebody else than that person */
    bool guest;       /* known here only as somebody who is expected */
    /* Who acts; nothing for an administrator. */
    Str actor, actor_org, service;
    TextList roles;
    bool pin; /* the one who acts gave it */
} Acting;

bool acting_has_role(const Acting *acting, const char *role);

bool acting_is_granted(const RuleContext *context, Str scope);

/* `person` absent = for oneself. `event` absent where no event is concerned; else a guest of it counts as a
 * known person. *refused is VERDICT_none where it may go on; else `unknown` or `denied`:
 *   - the one who acts showed a badge or a name with a PIN, and belongs to an org the device is granted, or
 * is a guest at its site;
 *   - for another: a host, or HR of the same org, who gave a PIN. An administrator acts for anybody of the
 * orgs granted. */
CHECKED Status acting_resolve(const Judging *judging, Str person, Str event, Acting *out, Verdict *refused,
                              Err *err);

/* Nobody can do this for another, nor an administrator for anybody: `denied`. */
CHECKED Status acting_resolve_self(const Judging *judging, Str event, Acting *out, Verdict *refused,
                                   Err *err);

/* The same for a run, where the sponsor and the manager of the run act for the newcomer too. */
CHECKED Status acting_resolve_run(const Judging *judging, Str person, const Run *run, Acting *out,
                                  Verdict *refused, Err *err);
