package app

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"jinghe/internal/bus"
	"jinghe/internal/bus/jetstream"
	"jinghe/internal/scene"
	"jinghe/internal/store"
)

// lowDisk is the free space in bytes below which doctor warns.
const lowDisk = 1 << 30

// CheckConfig looks at the configuration alone.
func CheckConfig(c *Config) []Finding {
	if err := c.Check(); err != nil {
		return []Finding{FindingOf("config", err)}
	}
	if _, err := prefixes(c.TrustedProxies); err != nil {
		return []Finding{FindingOf("config", err)}
	}
	return []Finding{{Check: "config", Status: Fine}}
}

// CheckPlace looks whether there is a city where c says; nil means there is,
// or that only the database can tell.
func CheckPlace(c *Config) *Finding {
	if err := checkPlace(c); err != nil {
		f := FindingOf("directory", err)
		return &f
	}
	if _, err := os.Stat(filepath.Join(c.Data, databaseName)); c.Store == "" && errors.Is(err, os.ErrNotExist) {
		return &Finding{Check: "directory", Status: Fault, Key: "doctor.no_city", Args: map[string]any{"dir": c.Data}}
	}
	return nil
}

// FindingOf turns an error into a finding of the named check.
func FindingOf(check string, err error) Finding {
	f := Finding{Check: check, Status: Fault, Key: "error." + string(scene.CodeOf(err))}
	if e, ok := errors.AsType[*scene.Error](err); ok && e.Key != "" {
		f.Key, f.Args = e.Key, e.Args
	}
	return f
}

// Diagnose checks rows, outbox, import jobs, events, dead letters, indexes and disk.
func (a *App) Diagnose(ctx context.Context) ([]Finding, error) {
	findings := []Finding{a.checkStore(ctx), a.checkJobs(ctx), a.checkWeights(ctx), a.checkEmbedder(ctx), a.checkSecret(ctx), a.checkSignOn(ctx)}
	findings = append(findings, a.checkOutbox(ctx)) // before the bus: what leaves it meanwhile is seen there
	findings = append(findings, a.checkBus(ctx)...)
	findings = append(findings, a.checkDisk())
	findings = append(findings, a.checkSearch(ctx)...)
	if a.running != nil {
		findings = append(findings, a.checkIndex(ctx), a.checkLists())
	}
	return findings, nil
}

func (a *App) checkStore(ctx context.Context) Finding {
	asked := a.o.Now()
	h, err := a.store.Health(ctx)
	if err != nil {
		return FindingOf("store", err)
	}
	apart := a.clocksApart(h, asked)
	needs, offers, err := a.countByKind(ctx)
	if err != nil {
		return FindingOf("store", err)
	}
	f := Finding{Check: "store", Status: Fine, Key: "doctor.store_ok", Args: map[string]any{
		"engine": h.Engine, "schema": h.SchemaVersion, "needs": needs, "offers": offers,
	}}
	if h.Integrity != "ok" {
		f.Status, f.Key = Fault, "doctor.store_broken"
		f.Args["complaint"] = h.Integrity
		return f
	}
	if apart != 0 {
		f.Status, f.Key, f.Args = Warning, "doctor.clock_apart", map[string]any{
			"seconds": int(apart.Abs().Seconds()), "setting": "JINGHE_STORE",
		}
	}
	return f
}

// clockTolerance is how far the clocks of this machine and of the database may
// be apart.
const clockTolerance = 10 * time.Second

// clocksApart is how far the clock of the database is ahead, 0 where that does
// not matter. It was read at some time since asked: how long the answer took is no
// difference of clocks.
func (a *App) clocksApart(h store.Health, asked time.Time) time.Duration {
	if h.Clock.IsZero() {
		return 0
	}
	if early := h.Clock.Sub(asked); early < -clockTolerance {
		return early
	}
	if late := h.Clock.Sub(a.o.Now()); late > clockTolerance {
		return late
	}
	return 0
}

// warnOfClocks says at the start that the clocks are apart: times of several
// processes would not tell which change came first.
func (a *App) warnOfClocks(ctx context.Context) {
	if a.cfg.Store == "" {
		return
	}
	asked := a.o.Now()
	h, err := a.store.Health(ctx)
	if err != nil {
		return // what is wrong shows at the next question
	}
	if apart := a.clocksApart(h, asked); apart != 0 {
		a.log.Warn("the clock of this machine and that of the database (JINGHE_STORE) are apart; set both by NTP", "apart", apart.Round(time.Second))
	}
}

func (a *App) checkJobs(ctx context.Context) Finding {
	jobs, err := a.Imports(ctx)
	if err != nil {
		return FindingOf("imports", err)
	}
	for _, j := range jobs {
		if j.Status == scene.JobFailed {
			return Finding{
				Check: "imports", Status: Warning, Key: "doctor.import_cut_off",
				Args: map[string]any{"file": j.File, "job": string(j.ID)},
			}
		}
	}
	return Finding{Check: "imports", Status: Fine, Key: "doctor.imports_ok", Args: map[string]any{"jobs": len(jobs)}}
}

// checkWeights tells which weights rank, and whether they can be read.
func (a *App) checkWeights(ctx context.Context) Finding {
	w, err := a.readWeights(ctx)
	if err != nil {
		return FindingOf("weights", err)
	}
	if w == nil {
		return Finding{Check: "weights", Status: Fine, Key: "doctor.weights_shipped"}
	}
	return Finding{Check: "weights", Status: Fine, Key: "doctor.weights_tuned", Args: map[string]any{"version": w.Version()}}
}

// checkBus asks the running bus, or opens it for the length of the question.
func (a *App) checkBus(ctx context.Context) []Finding {
	var b bus.Bus
	if a.running != nil {
		b = a.running.bus
	} else {
		opened, err := jetstream.Open(ctx, a.busConfig())
		if err != nil {
			return []Finding{FindingOf("bus", err)}
		}
		defer func() { _ = opened.Close(ctx) }()
		b = opened
	}
	h, err := b.Health(ctx)
	if err != nil {
		return []Finding{FindingOf("bus", err)}
	}
	pending := 0
	for _, n := range h.Pending {
		pending += n
	}
	findings := []Finding{{
		Check: "bus", Status: Fine, Key: "doctor.bus_ok", Args: map[string]any{"server": h.Server, "pending": pending},
	}}
	if h.Dead == 0 {
		return append(findings, Finding{Check: "dead_letters", Status: Fine})
	}
	letters, err := b.DeadLetters(ctx, 1)
	if err != nil || len(letters) == 0 {
		return append(findings, FindingOf("dead_letters", err))
	}
	return append(findings, Finding{Check: "dead_letters", Status: Warning, Key: "doctor.dead_letter_list", Args: map[string]any{
		"count": h.Dead, "consumer": letters[0].Consumer, "event": string(letters[0].Event.ID),
		"subject": letters[0].Event.Subject, "reason": letters[0].Reason,
	}})
}

func (a *App) checkOutbox(ctx context.Context) Finding {
	depth, err := a.store.Outbox().Depth(ctx)
	if err != nil {
		return FindingOf("outbox", err)
	}
	f := Finding{Check: "outbox", Status: Fine, Key: "doctor.outbox_empty"}
	if depth > 0 {
		f.Key, f.Args = "doctor.outbox_waiting", map[string]any{"count": depth}
	}
	return f
}

func (a *App) checkDisk() Finding {
	free, err := freeBytes(a.cfg.Data)
	if err != nil {
		return FindingOf("disk", err)
	}
	f := Finding{Check: "disk", Status: Fine, Key: "doctor.disk_free", Args: map[string]any{"free": megabytes(free)}}
	if free < lowDisk {
		f.Status, f.Key = Warning, "doctor.disk_low"
	}
	return f
}

func (a *App) checkIndex(ctx context.Context) Finding {
	var documents int
	for _, kind := range []scene.Kind{scene.KindOpportunity, scene.KindCapability} {
		stats, err := a.running.index.Stats(ctx, kind)
		if err != nil {
			return FindingOf("index", err)
		}
		documents += stats.Documents
	}
	rows, err := a.countListings(ctx)
	if err != nil {
		return FindingOf("index", err)
	}
	f := Finding{Check: "index", Status: Fine, Key: "doctor.index_ok", Args: map[string]any{"documents": documents, "rows": rows}}
	if documents != rows {
		f.Status, f.Key = Warning, "doctor.index_behind"
	}
	return f
}

// checkLists tells how far the lists of matches are; answers are live without.
func (a *App) checkLists() Finding {
	s := a.running.markets.lists.state()
	f := Finding{Check: "matches", Status: Fine, Key: "doctor.matches_ok", Args: map[string]any{
		"lists": s.Fresh, "total": s.Total, "made": s.Made.In(scene.China()).Format("2006-01-02 15:04"),
	}}
	switch {
	case s.Making:
		f.Key = "doctor.matches_making"
	case s.Fresh == 0:
		f.Key = "doctor.matches_none"
	}
	return f
}

func (a *App) countListings(ctx context.Context) (int, error) {
	needs, offers, err := a.countByKind(ctx)
	return needs + offers, err
}

func (a *App) countByKind(ctx context.Context) (needs, offers int, err error) {
	err = a.store.View(ctx, func(tx store.Tx) error {
		if needs, err = tx.Opportunities().Count(ctx, store.ListingFilter{}); err != nil {
			return err
		}
		offers, err = tx.Capabilities().Count(ctx, store.ListingFilter{})
		return err
	})
	return needs, offers, err
}

// Probe asks a running service over HTTP and returns an Unavailable error
// unless it answers 200 within three seconds. It serves as the health check of
// a container that holds no other program.
func Probe(ctx context.Context, url string) error {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	away := func(detail any, err error) error {
		return &scene.Error{
			Code: scene.Unavailable, Op: "app.Probe", Key: "doctor.probe_failed",
			Args: map[string]any{"url": url, "detail": detail}, Err: err,
		}
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return away(err, err)
	}
	response, err := (&http.Client{}).Do(r)
	if err != nil {
		return away(err, err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return away(response.Status, nil)
	}
	return nil
}
