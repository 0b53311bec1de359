package postgres_test

import (
	"testing"

	"go.uber.org/goleak"

	"jinghe/internal/store"
	"jinghe/internal/store/postgres"
	"jinghe/internal/store/storetest"
	"jinghe/internal/testkit"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func open(t testing.TB, address string) *postgres.Store {
	t.Helper()
	s, err := postgres.Open(t.Context(), address, postgres.Options{MaxConns: 8})
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	return s
}

func TestContract(t *testing.T) {
	t.Parallel()
	server := testkit.StartPostgres(t)
	storetest.Run(t, func(t *testing.T) func() store.Store {
		address := server.Database(t)
		return func() store.Store { return open(t, address) }
	})
}
