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
	_, err = a.reg.Import(ctx, rows, registry.ImportOptions{
		File: "samplecity", Source: "samplecity", State: scene.Published, Actor: "demo",
	})
	return scene.Wrap("app.LoadSampleCity", err)
}
