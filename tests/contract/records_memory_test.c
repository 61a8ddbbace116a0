#include "tests/contract/records_suite.h"
#include "tests/harness/memory_records.h"

static Records *open_memory(void **owner) {
    MemoryRecords *memory = memory_records_open();
    *owner = memory;
    return memory_records_of(memory);
}

static void close_memory(void *owner) {
    memory_records_close(owner);
}

int main(void) {
    static const RecordsOpener opener = {"records in memory", open_memory, close_memory, false};
    return records_suite_run(&opener);
}
