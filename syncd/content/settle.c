/* What the lines of a file want → the overlay: references are checked, refused lines or files left out,
 * registrations judged. */
#include "syncd/content/inside.h"

enum { SETTLE_PASSES_MAX = 64 };

/* A person named by id could be anybody's. */
static bool is_of_org(const StoredRecord *record, Str org, Arena *arena) {
    Json *doc;
    Err ignored;
    if (!org.at) return true;
    return json_parse(arena, record->doc, &doc, &ignored) == OK && str_equal(json_get_text(doc, "org"), org);
}

static Status reference_holds(ContentPlan *plan, const FileState *file, const Reference *reference,
                              bool *holds, Err *err) {
    Records *records = &plan->overlay.records;
    const SeenId *seen = seen_find(plan, reference->kind, reference->id);
    StoredRecord found;
    if (seen && seen->file == file) {
        *holds = !seen->candidate->refused;
        return OK;
    }
    Status status = records->verbs->get(records, reference->kind, reference->id, plan->arena, &found, err);
    *holds = status == OK && is_of_org(&found, reference->org, plan->arena);
    return status == E_NOTFOUND ? OK : status;
}

static void reference_issue(ContentPlan *plan, FileState *file, const Reference *reference) {
    const SeenId *seen = seen_find(plan, reference->kind, reference->id);
    const char *kind = kind_info(reference->kind)->name;
    Cell cell = reference->cell;
    if (seen)
        issue_add(&file->issues, cell.line, cell.column, str_of(reference->column), cell.text, "unknown",
                  "this %s is refused itself (%.*s, line %d)", kind, STR_FORMAT(seen->file->file->name),
                  seen->line);
    else
        issue_add(&file->issues, cell.line, cell.column, str_of(reference->column), cell.text, "unknown",
                  "there is no such %s", kind);
}

static Status candidate_refer(ContentPlan *plan, FileState *file, Candidate *candidate, bool *changed,
                              Err *err) {
    for (size_t i = 0; i < candidate->reference_count; i++) {
        bool holds;
        TRY(reference_holds(plan, file, &candidate->references[i], &holds, err));
        if (holds) continue;
        reference_issue(plan, file, &candidate->references[i]);
        candidate->refused = true;
        *changed = true;
    }
    return OK;
}

/* A line that is refused may have been what another one of the file refers to: until nothing changes any
 * more. */
static Status references_check(ContentPlan *plan, FileState *file, Err *err) {
    bool changed = true;
    for (int pass = 0; changed && pass < SETTLE_PASSES_MAX; pass++) {
        changed = false;
        for (size_t i = 0; i < file->candidate_count; i++)
            if (!file->candidates[i]->refused)
                TRY(candidate_refer(plan, file, file->candidates[i], &changed, err));
    }
    if (changed) file->whole_refused = true;
    return OK;
}

static Status draft_put(ContentPlan *plan, FileState *file, const Draft *draft, Err *err) {
    Records *records = &plan->overlay.records;
    StoredRecord old;
    Status status = records->verbs->get(records, draft->kind, draft->id, plan->arena, &old, err);
    if (status != OK && status != E_NOTFOUND) return status;
    if (draft->remove) {
        if (status == E_NOTFOUND) return OK;
        file->report.removed++;
        return records->verbs->remove(records, draft->kind, draft->id, err);
    }
    if (status == OK &&
        (draft->once || (str_equal(old.doc, draft->bytes) && str_equal(old.scope, draft->scope)))) {
        file->report.unchanged++;
        return OK;
    }
    *(status == OK ? &file->report.changed : &file->report.created) += 1;
    return records->verbs->put(records, draft->kind, draft->id, draft->scope, draft->bytes, err);
}

static Status registration_judge(ContentPlan *plan, FileState *file, Candidate *candidate, Err *err) {
    Records *records = &plan->overlay.records;
    const RegisterLine *line = candidate->registration;
    StoredRecord old;
    const char *verdict = "";
    bool rejected = false;
    Status status = records->verbs->get(records, K_registration, line->id, plan->arena, &old, err);
    if (status == OK) file->report.unchanged++;
    if (status != E_NOTFOUND) return status;
    TRY(plan->hub->judge_register(plan->hub, records, line->event, line->person, line->at, plan->arena,
                                  &verdict, &rejected, err));
    if (!rejected) {
        file->report.created++;
        return OK;
    }
    issue_add(&file->issues, candidate->key.line, candidate->key.column, STR("événement"),
              candidate->key.text, verdict, "the registration is refused: %s", verdict);
    candidate->refused = true;
    return OK;
}

/* After the quotas of its line, which the seats depend on. */
static Status event_follow(ContentPlan *plan, const Candidate *candidate, int writes, Err *err) {
    ContentHub *hub = plan->hub;
    bool is_event = candidate->draft_count > 0 && candidate->drafts[0].kind == K_event;
    if (!is_event || writes == 0 || !hub->event_changed) return OK;
    return hub->event_changed(hub, &plan->overlay.records, candidate->drafts[0].id, plan->arena, err);
}

static Status candidate_put(ContentPlan *plan, FileState *file, Candidate *candidate, Err *err) {
    const ContentFileReport *report = &file->report;
    int before = report->created + report->changed + report->removed;
    for (size_t i = 0; i < candidate->draft_count; i++)
        TRY(draft_put(plan, file, &candidate->drafts[i], err));
    TRY(event_follow(plan, candidate, report->created + report->changed + report->removed - before, err));
    if (candidate->registration) TRY(registration_judge(plan, file, candidate, err));
    return OK;
}

static bool is_refused(const ContentPlan *plan, const FileState *file) {
    return file->issues.total > 0 && (file->whole_refused || !plan->request->partial);
}

/* Later files are told that what they refer to was refused. */
static void refuse(FileState *file) {
    file->report.created = file->report.changed = file->report.unchanged = file->report.removed = 0;
    file->report.refused = true;
    file->blob_count = 0;
    for (size_t i = 0; i < file->candidate_count; i++) file->candidates[i]->refused = true;
}

static void notes_keep(ContentPlan *plan, const Candidate *candidate) {
    plan->pending += candidate->pending;
    for (size_t i = 0; i < candidate->note_count; i++)
        *LIST_ADD(plan->arena, plan->notes, plan->note_count, plan->note_capacity) = candidate->notes[i];
}

Status file_settle(ContentPlan *plan, FileState *file, Err *err) {
    size_t mark = overlay_mark(&plan->overlay);
    TRY(references_check(plan, file, err));
    bool refused = is_refused(plan, file);
    for (size_t i = 0; i < file->candidate_count && !refused; i++)
        if (!file->candidates[i]->refused) TRY(candidate_put(plan, file, file->candidates[i], err));
    if (refused || is_refused(plan, file)) {
        overlay_undo(&plan->overlay, mark);
        refuse(file);
        return OK;
    }
    for (size_t i = 0; i < file->candidate_count; i++)
        if (!file->candidates[i]->refused) notes_keep(plan, file->candidates[i]);
    return OK;
}
