#!/usr/bin/env bash
# The contract suites of the store and of its records, on a PostgreSQL of their own.
. "$(dirname "$0")/../harness/cluster.sh"
cluster_make one relais </dev/null
RELAIS_PG=$(cluster_url one relais) "${BIN:?}/tests/pg_store_test"
