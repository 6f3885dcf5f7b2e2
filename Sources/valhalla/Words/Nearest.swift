/// The word among `candidates` that was most likely meant, or nil when none is near.
func nearest(to word: String, among candidates: [String]) -> String? {
    let wanted = Array(word.lowercased().prefix(40))
    let limit = max(1, min(3, wanted.count / 3))
    return
        candidates
        .map { (name: $0, steps: steps(wanted, Array($0.lowercased()))) }
        .filter { $0.steps <= limit }
        .min { ($0.steps, $0.name) < ($1.steps, $1.name) }?
        .name
}

/// How many letters are wrong, missing, too many or swapped with their neighbour.
private func steps(_ left: [Character], _ right: [Character]) -> Int {
    var table = [[Int]](repeating: [Int](repeating: 0, count: right.count + 1), count: left.count + 1)
    for i in 0...left.count { table[i][0] = i }
    for j in 0...right.count { table[0][j] = j }
    for i in left.indices {
        for j in right.indices {
            var fewest = min(
                table[i][j + 1] + 1,
                table[i + 1][j] + 1,
                table[i][j] + (left[i] == right[j] ? 0 : 1)
            )
            if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                fewest = min(fewest, table[i - 1][j - 1] + 1)
            }
            table[i + 1][j + 1] = fewest
        }
    }
    return table[left.count][right.count]
}
