package agenda

func (r *run) conflict() ([]Condition, bool) { return nil, false }
