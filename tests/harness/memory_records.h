/* Records in memory: the simplest implementation there is, for tests. */
#pragma once

#include "common/records/records.h"

typedef struct MemoryRecords MemoryRecords;

MemoryRecords *memory_records_open(void);
void memory_records_close(MemoryRecords *memory); /* NULL is fine */
void memory_records_close_auto(MemoryRecords **memory);
Records *memory_records_of(MemoryRecords *memory);

int64_t memory_records_seq(const MemoryRecords *memory);     /* grows with each write and removal */
uint64_t memory_records_digest(const MemoryRecords *memory); /* equal states have equal digests */

/* A line for each record, and for each fact where they are asked for too. */
void memory_records_dump(const MemoryRecords *memory, bool facts, Buf *out);

/* Makes the nth call from now (1 = the next) fail with E_IO; 0 = none. True when it was reached. */
void memory_records_fail_at(MemoryRecords *memory, int nth_call);
bool memory_records_failed(const MemoryRecords *memory);

/* Copies what is in one of the scopes: the partial view of a kiosk. */
void memory_records_copy(MemoryRecords *to, const MemoryRecords *from, const Str *scopes, size_t count);
