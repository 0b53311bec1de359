package postgres

import (
	"database/sql/driver"
	"errors"
	"io"
	"net"

	"github.com/jackc/pgx/v5/pgconn"

	"jinghe/internal/store/sqlrows"
)

// Codes of PostgreSQL (https://www.postgresql.org/docs/current/errcodes-appendix.html)
// that callers or the start-up message tell apart.
const (
	uniqueViolation      = "23505"
	foreignKeyViolation  = "23503"
	readOnlyTransaction  = "25006"
	idleInTransaction    = "25P03"
	invalidAuthorization = "28000"
	invalidPassword      = "28P01"
	noSuchDatabase       = "3D000"
	serialisationFailure = "40001"
	deadlock             = "40P01"
	insufficientRight    = "42501"
	diskFull             = "53100"
	tooManyConnections   = "53300"
	lockNotAvailable     = "55P03"
	queryCancelled       = "57014" // by a time-out
	adminShutdown        = "57P01"
	crashShutdown        = "57P02"
	idleSession          = "57P05"
	cannotConnectNow     = "57P03"
	dataCorrupted        = "XX001"
	indexCorrupted       = "XX002"
)

// classify tells errors by their code; what has none came from the connection.
func classify(err error) sqlrows.Fault {
	e, ok := errors.AsType[*pgconn.PgError](err)
	if !ok {
		return classifyConnection(err)
	}
	switch e.Code {
	case uniqueViolation:
		return sqlrows.Taken
	case foreignKeyViolation:
		return sqlrows.Reference
	case readOnlyTransaction:
		return sqlrows.ReadOnly
	case serialisationFailure, deadlock:
		return sqlrows.Conflicting
	case lockNotAvailable, queryCancelled, tooManyConnections, idleInTransaction:
		return sqlrows.Busy
	case adminShutdown, crashShutdown, cannotConnectNow, idleSession:
		return sqlrows.Away
	case diskFull:
		return sqlrows.Full
	case dataCorrupted, indexCorrupted:
		return sqlrows.Corrupt
	}
	if len(e.Code) == 5 && e.Code[:2] == "08" { // connection exceptions
		return sqlrows.Away
	}
	return sqlrows.Broken
}

func classifyConnection(err error) sqlrows.Fault {
	_, connecting := errors.AsType[*pgconn.ConnectError](err)
	_, network := errors.AsType[net.Error](err)
	lost := errors.Is(err, driver.ErrBadConn) || errors.Is(err, io.EOF) ||
		errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed)
	if connecting || network || lost || pgconn.SafeToRetry(err) {
		return sqlrows.Away
	}
	return sqlrows.Broken
}
