package app

import (
	"context"

	"jinghe/internal/registry"
	"jinghe/internal/samplecity"
	"jinghe/internal/scene"
)

// LoadSampleCity brings the invented city into an App that holds no lists yet;
// one that holds any is left alone.
func (a *App) LoadSampleCity(ctx context.Context) error {
	held, err := a.countListings(ctx)
	if err != nil || held > 0 {
		return scene.Wrap("app.LoadSampleCity", err)
	}
	rows, err := samplecity.Load(a.o.Now())
	if err != nil {
		return scene.Wrap("app.LoadSampleCity", err)
	}
	report, err := a.reg.Import(ctx, rows, registry.ImportOptions{
		File: "samplecity", Source: samplecity.Source, State: scene.Published, Actor: "demo",
	})
	if err != nil {
		return scene.Wrap("app.LoadSampleCity", err)
	}
	for _, b := range samplecity.Batches(a.o.Now()) {
		if _, err := a.reg.SaveBatch(ctx, demoSteward(), b); err != nil {
			return scene.Wrap("app.LoadSampleCity", err)
		}
	}
	return scene.Wrap("app.LoadSampleCity", a.loadShowcases(ctx, report))
}

// FillSampleCity brings the invented city and its throw-away accounts, with what
// these worked on, into an App that holds no lists yet; one that holds any is
// left alone, and so is one with accounts: then it returns none.
func (a *App) FillSampleCity(ctx context.Context) ([]DemoAccount, error) {
	held, err := a.countListings(ctx)
	if err != nil || held > 0 {
		return nil, scene.Wrap("app.FillSampleCity", err)
	}
	if err := a.LoadSampleCity(ctx); err != nil {
		return nil, err
	}
	return a.DemoAccounts(ctx)
}

// loadShowcases brings the city's showcases in, each with the capability that it
// grew from.
func (a *App) loadShowcases(ctx context.Context, report registry.Report) error {
	list, err := samplecity.Showcases(a.o.Now())
	if err != nil {
		return err
	}
	ids := map[string]scene.ID{}
	for _, row := range report.Rows {
		ids[row.Label] = row.ID
	}
	for i := len(list) - 1; i >= 0; i-- { // the one written last is shown first
		s := list[i].Showcase
		s.Capability = ids[list[i].Code]
		if _, err := a.reg.SaveShowcase(ctx, demoSteward(), s); err != nil {
			return err
		}
	}
	return nil
}

// demoSteward is who the record says wrote the city's batches and showcases.
func demoSteward() scene.Actor {
	return scene.Actor{ID: "demo", Name: "demo", Roles: []scene.Role{scene.RoleSteward}}
}
