/* What the technician's pages work out, without drawing: how far a pairing is, how the link went. */
#pragma once

#include "common/replica/view.h"

typedef enum PairingStep {
    PAIRING_NO_HUB,    /* which hub? */
    PAIRING_WRONG_HUB, /* syncd did not take the address */
    PAIRING_ASKED,     /* syncd has not looked at the request yet */
    PAIRING_ASKING,    /* the hub is being asked for a code */
    PAIRING_NO_ANSWER, /* it does not answer; syncd goes on trying */
    PAIRING_WAITING,   /* a code is shown */
    PAIRING_EXPIRED,   /* it is no longer good; syncd asks for another */
    PAIRING_DENIED,    /* the administrator said no */
    PAIRING_REVOKED,   /* this kiosk was paired, and no longer is */
    PAIRING_DONE
} PairingStep;

PairingStep pairing_step(const ViewHealth *health, const ViewAnswer *answer, bool has_device, Millis now);
Millis pairing_left(const ViewHealth *health, Millis now); /* of the code; 0 = none */

enum { LINK_HOURS = 24 };

/* One cell an hour, the last one is now. False: the link was away at some moment of it. links: newest first.
 */
void link_hours(const ViewLink *links, size_t count, bool ever, Millis now, bool good[LINK_HOURS]);
