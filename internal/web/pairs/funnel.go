package pairs

import (
	"jinghe/internal/scene"
	"jinghe/internal/web/ui"
)

// FunnelOf shows how far the pairs have come that were not stopped: at each stage
// how many stand there or further on, and which pairs of the list below base these
// are. It is nil where there are no counts, or nothing is under way.
func FunnelOf(p *ui.Page, counts map[scene.Stage]int, base string) *ui.Funnel {
	stages := []scene.Stage{
		scene.StageSuggested, scene.StageDocking, scene.StageProposal, scene.StagePilot,
		scene.StageContract, scene.StageLanded, scene.StageReplicated,
	}
	here := map[scene.Stage]int{}
	for stage, n := range counts {
		switch stage {
		case scene.StageStopped:
		case scene.StageRecommended:
			here[scene.StageSuggested] += n
		case scene.StageMutual: // passed at once
			here[scene.StageDocking] += n
		default:
			here[stage] += n
		}
	}
	f := &ui.Funnel{Stopped: counts[scene.StageStopped], Rows: make([]ui.FunnelRow, len(stages))}
	reached := 0
	for i := len(stages) - 1; i >= 0; i-- {
		reached += here[stages[i]]
		key := "engagement.stage." + string(stages[i])
		if i == 0 {
			key = "web.funnel.begun"
		}
		f.Rows[i] = ui.FunnelRow{Label: p.T(key), Reached: reached, Here: here[stages[i]]}
		if n := here[stages[i]]; n > 0 && n == counts[stages[i]] { // the list knows no sum of two stages
			f.Rows[i].URL = base + "?stage=" + string(stages[i])
		}
	}
	if reached == 0 {
		return nil
	}
	return f
}
