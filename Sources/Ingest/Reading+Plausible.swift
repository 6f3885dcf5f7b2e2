internal import MediaProtocol

extension Reading {
    /// Without the numbers that nothing in the world can have.
    ///
    /// A file may say anything, its reader passes it on, and whoever counts with it here must neither overflow nor show it.
    var plausible: Reading {
        var reading = self
        // The years 1 to 9999; and no clock was ever further from UTC than sixteen hours.
        reading.taken = taken.flatMap { taken in
            guard (-62_135_596_800_000...253_402_300_799_999).contains(taken.milliseconds) else { return nil }
            var taken = taken
            taken.offsetMinutes = taken.offsetMinutes.within(-960...960)
            return taken
        }
        reading.width = width.within(0...1 << 31)
        reading.height = height.within(0...1 << 31)
        reading.orientation = orientation.within(0...8)
        reading.rating = rating.within(-1_000...1_000)
        reading.iso = iso.within(0...1 << 32)
        reading.exposure = exposure?.plausible
        reading.aperture = aperture.within(0...1e6)
        reading.focalLength = focalLength.within(0...1e6)
        reading.latitude = latitude.within(-90...90)
        reading.longitude = longitude.within(-180...180)
        reading.altitude = altitude.within(-100_000...100_000)
        reading.frameRate = frameRate?.plausible
        reading.frames = frames.within(0...1 << 40)
        reading.duration = duration.within(0...1e9)
        reading.footage = footage?.plausible
        return reading
    }
}

extension Footage {
    fileprivate var plausible: Footage {
        var footage = self
        footage.storedWidth = storedWidth.within(0...1 << 31)
        footage.storedHeight = storedHeight.within(0...1 << 31)
        footage.timecodeRate = timecodeRate.within(0...1_000)
        footage.rotation = rotation.within(-360...360)
        footage.captureRate = captureRate?.plausible
        footage.pixelAspect = pixelAspect?.plausible
        footage.sampleRate = sampleRate.within(0...1 << 31)
        return footage
    }
}

extension Rational {
    fileprivate var plausible: Rational? {
        value == 0 || (1e-9...1e9).contains(value) ? self : nil
    }
}

extension Optional where Wrapped: Comparable {
    /// Nothing where it lies outside of what can be.
    fileprivate func within(_ range: ClosedRange<Wrapped>) -> Wrapped? {
        flatMap { range.contains($0) ? $0 : nil }
    }
}
