/* The computer this kiosk is: its addresses, its disk, the files of the replica. */
#pragma once

#include "kiosk/screens/stage.h"

void machine_look(const char *replica_dir, Machine *out); /* what cannot be found out stays zero */
