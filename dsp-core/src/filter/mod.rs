//! Filters as parts: designs and states that equalisers, detectors and meters are made of.
